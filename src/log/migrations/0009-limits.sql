-- A read model like those of 0004: buyers' own limits with what counts against them, as their streams have
-- it. Nobody's stream is older than this table.

CREATE TABLE limits_view (
  person_id text PRIMARY KEY,
  -- The event of the person's stream up to which the state is folded.
  seq bigint NOT NULL,
  state text NOT NULL
);
