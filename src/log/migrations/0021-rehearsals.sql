-- Reports of rehearsals, kept with their show: by whom, when, and what it came to. The rehearsal itself is in no table.
-- It goes with the person who rehearsed.

create table rehearsals (
  rehearsal_id text primary key,
  show_id text not null,
  person_id text not null references "user" ("id") on delete cascade,
  began_at timestamptz not null,
  kept jsonb not null
);

create index rehearsals_by_show on rehearsals (show_id, began_at desc);
