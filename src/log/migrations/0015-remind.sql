-- Who wants to be told of shows and how, what was told to whom, shows that come again, and what coming shows
-- have on their shelf.

-- How somebody is told. An address counts once it was confirmed.
create table remind_people (
  person_id text primary key references "user" ("id") on delete cascade,
  way text not null check (way in ('none', 'mail', 'push')),
  email text,
  confirmed_at_ms bigint
);

-- Whom somebody follows (`shop`, `host:<person>`) and which shows they want to be reminded of (`show:<show>`).
create table remind_wishes (
  person_id text not null references "user" ("id") on delete cascade,
  subject text not null,
  since_ms bigint not null,
  primary key (person_id, subject)
);
create index remind_wishes_by_subject on remind_wishes (subject, person_id);

create table push_subscriptions (
  endpoint text primary key,
  person_id text not null references "user" ("id") on delete cascade,
  p256dh text not null,
  auth text not null,
  since_ms bigint not null
);
create index push_subscriptions_by_person on push_subscriptions (person_id);

-- Letters that asked an address to confirm itself: counted, so that a stranger can't have us write to others.
create table confirm_letters (
  person_id text not null,
  email_hash text not null,
  at_ms bigint not null
);
create index confirm_letters_by_time on confirm_letters (at_ms);

-- What is to be told and what was: one row for a person, a show and an occasion, for ever one.
create table remind_outbox (
  outbox_id bigint generated always as identity primary key,
  person_id text not null references "user" ("id") on delete cascade,
  show_id text not null,
  occasion text not null check (occasion in ('announced', 'begins', 'moved', 'cancelled')),
  -- Which one, where there may be several: the start that is told of, the change that moved it.
  mark text not null,
  -- For `moved`: the start that was promised before.
  from_ms bigint,
  state text not null default 'due' check (state in ('due', 'told', 'quiet', 'dropped', 'given-up')),
  reason text,
  way text,
  made_at_ms bigint not null,
  -- When it may be sent; while somebody sends it, until when nobody else does.
  due_at_ms bigint not null,
  attempts int not null default 0,
  unique (person_id, show_id, occasion, mark)
);
create index remind_outbox_due on remind_outbox (due_at_ms) where state = 'due';
create index remind_outbox_by_show on remind_outbox (show_id, state);

-- When each show was last said to begin, as far as the reminders have read the log.
create table remind_shows (
  show_id text primary key,
  seq bigint not null,
  host_id text not null,
  starts_at_ms bigint not null
);

-- What an announcement says besides the plan.
create table show_notices (
  show_id text primary key,
  teaser text not null default '',
  time_zone text not null default 'UTC'
);

-- Shows that come again. The shows of a series are shows of their own; `nth` counts from the model, which is 0.
create table show_series (
  series_id text primary key,
  model_show text not null,
  rule text not null,
  time_zone text not null,
  -- The show that the others are counted from, which a change of all that follow moves on, and its start.
  base_nth int not null default 0,
  starts_at_ms bigint not null,
  ended boolean not null default false
);
create table series_shows (
  series_id text not null references show_series (series_id),
  nth int not null,
  show_id text not null unique,
  -- False while it is being made: a crash in between makes it again, which does nothing twice.
  made boolean not null,
  primary key (series_id, nth)
);

-- A read model like those of 0004: the items on the shelves of shows, to be found before a show.
create table show_item_view (
  show_id text not null,
  product_id text not null,
  place int not null,
  title text not null,
  image_url text,
  price_minor bigint,
  currency text,
  -- What it is found by, in lower case and without accents.
  words text not null,
  primary key (show_id, product_id)
);

-- The event of the show's stream that last changed its plan, and when: the sequence of a calendar's entry.
alter table show_view add column plan_seq bigint not null default 1;
alter table show_view add column plan_at_ms bigint not null default 0;

-- Shelves of the past count too: the views are folded once more, from the start of the log.
truncate show_view, stock_view, hold_view, order_view, receipt_view, receipt_subject_view, asked_price_view,
  code_view, bundle_view, limits_view;
delete from checkpoints where policy = 'views';
