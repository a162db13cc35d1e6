-- The latest check before a show of each host: by whom, when, on which devices, what was measured and found. It goes
-- with the person: names of devices are personal.

create table preflights (
  show_id text not null,
  person_id text not null references "user" ("id") on delete cascade,
  at timestamptz not null,
  kept jsonb not null,
  primary key (show_id, person_id)
);
