-- Keys by which encoders publish: of one show, or of a host for the shows that they host. The secret itself is told
-- once and not kept; whoever reads this table can't publish with it.

create table stream_keys (
  key_id text primary key,
  -- SHA-256 of the secret, in hex: the secret has 160 random bits, so that nothing slower is needed.
  secret_hash text not null unique,
  -- The secret's last characters, to tell keys apart.
  ending text not null,
  -- null: a host's key
  show_id text,
  -- Who made it; it goes with them.
  person_id text not null references "user" ("id") on delete cascade,
  take_over boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index stream_keys_by_show on stream_keys (show_id) where show_id is not null;
create index stream_keys_by_person on stream_keys (person_id);
