-- Who is a member of the shop, in which tier, from when and until when. One row a person: what was before is over.

create table memberships (
  person_id text primary key references "user" ("id") on delete cascade,
  tier text not null,
  since timestamptz not null,
  -- null: until it is taken back
  until timestamptz,
  set_by text not null
);
