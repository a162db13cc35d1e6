-- The event log: streams with one writer each, their events in a hash chain, and what is kept beside
-- them. Rules: docs/rules/log.md. Choices: docs/decisions/0002-event-log.md.

-- One row a stream: where it ends, who may write, and when it waits to be woken. Every append rewrites
-- it, so pages keep room for the next version of the row.
create table streams (
  stream text collate "C" primary key,
  epoch bigint not null default 0,
  owner text,
  version bigint not null default 0,
  head_hash bytea not null default decode(repeat('0', 64), 'hex'),
  last_txn bigint not null default 0,
  due_at_ms bigint
) with (fillfactor = 50);

create index streams_due on streams (due_at_ms) where due_at_ms is not null;

-- Which nodes live, by the clock of the database.
create table nodes (
  node text primary key,
  until_ms bigint not null
);

-- Order within a transaction. Cached by session: only the order inside one transaction matters.
create sequence event_place as bigint cache 1000;

-- `data` and `personal` are text, not json or jsonb: the chain is over the bytes, which jsonb would
-- rewrite and json would parse again for nothing; and text keeps what jsonb refuses (\u0000).
create table events (
  seq bigint not null,
  txn bigint not null,
  place bigint not null default nextval('event_place'),
  at_ms bigint not null,
  -- Both are set on the first event of a command only.
  command_events integer,
  stream text collate "C" not null,
  kind text not null,
  by text,
  command_id text collate "C" not null,
  command_body_hash text,
  hash bytea not null,
  personal_hash bytea,
  salt bytea,
  -- `data` is what is published; `withheld` holds the members that aren't, or are shown otherwise there.
  data text not null,
  withheld text,
  personal text,
  primary key (stream, seq),
  check ((command_events is null) = (command_body_hash is null))
);

-- The id first: it differs in its first characters, the stream doesn't.
create unique index events_command on events (command_id, stream) where command_events is not null;
create unique index events_order on events (txn, place);

-- Transaction ids start anew when a dump is restored into another cluster. `base` is added to them, and
-- raised once by `settle_log_base`, so that what is appended after a restore never sorts before what
-- was there.
create table log_base (
  singleton boolean primary key default true check (singleton),
  base bigint not null,
  -- What pseudonyms and the salts of hidden parts are made from (stream-secrets.ts). Lost, the chains can't be verified.
  key text
);
insert into log_base (base) values (0);

create table snapshots (
  stream text collate "C" primary key references streams on delete cascade,
  seq bigint not null,
  hash bytea not null,
  schema_version integer not null,
  state text not null
);

create table checkpoints (
  policy text primary key,
  position text not null
);

-- Raises the base where the ids of this cluster are behind the newest event's, and answers with the log's
-- key: the one that it has, or else `new_key`. Run once when a log opens.
create function settle_log_base(new_key text) returns text language sql as $$
  update log_base
     set base = newest.txn
    from (select coalesce(max(txn), 0) as txn from events) as newest
   where newest.txn >= base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
  update log_base set key = coalesce(key, new_key) returning key;
$$;

-- One batch in one round trip. Columns come as lines of one text each: canonical JSON holds no raw line
-- break, so nothing needs to be quoted and parsed again. An empty line is null where null may stand.
-- Answers null when written, else why not: `epoch <n>` or `version <n>`.
create function append_batch(
  batch_stream text,
  batch_epoch bigint,
  batch_version bigint,
  batch_head text,
  new_head text,
  event_count integer,
  batch_due_at_ms bigint,
  ats text,
  bys text,
  kinds text,
  command_ids text,
  command_body_hashes text,
  command_sizes text,
  datas text,
  withhelds text,
  hashes text,
  personals text,
  personal_hashes text,
  salts text
) returns text language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  txn_now bigint := (select base from log_base) + pg_current_xact_id()::text::bigint;
  held streams%rowtype;
  inserted integer;
begin
  update streams
     set version = batch_version + event_count, head_hash = decode(new_head, 'hex'), last_txn = txn_now,
         due_at_ms = batch_due_at_ms
   where stream = batch_stream and epoch = batch_epoch and version = batch_version
     and head_hash = decode(batch_head, 'hex') and last_txn < txn_now;
  if not found then
    select * into held from streams where stream = batch_stream;
    if held.epoch is distinct from batch_epoch then
      return 'epoch ' || coalesce(held.epoch, 0);
    end if;
    if held.version <> batch_version or held.head_hash <> decode(batch_head, 'hex') then
      return 'version ' || held.version;
    end if;
    raise exception 'stream % was appended to by a transaction that began later', batch_stream;
  end if;

  insert into events (
    stream, seq, txn, at_ms, by, kind, command_id, command_body_hash, command_events,
    data, withheld, hash, personal, personal_hash, salt
  )
  select batch_stream, batch_version + line.nth, txn_now, line.at_ms::bigint, line.by, line.kind, line.command_id,
         line.command_body_hash, line.command_events::integer, line.data, line.withheld, decode(line.hash, 'hex'),
         line.personal, decode(line.personal_hash, 'hex'), decode(line.salt, 'hex')
    from unnest(
      string_to_array(ats, E'\n'), string_to_array(bys, E'\n', ''), string_to_array(kinds, E'\n'),
      string_to_array(command_ids, E'\n'), string_to_array(command_body_hashes, E'\n', ''),
      string_to_array(command_sizes, E'\n', ''), string_to_array(datas, E'\n'),
      string_to_array(withhelds, E'\n', ''), string_to_array(hashes, E'\n'),
      string_to_array(personals, E'\n', ''), string_to_array(personal_hashes, E'\n', ''), string_to_array(salts, E'\n', '')
    ) with ordinality as line (
      at_ms, by, kind, command_id, command_body_hash, command_events, data, withheld, hash, personal, personal_hash, salt, nth
    );
  -- A line break where none may stand would shift a column; the count catches it inside the transaction.
  get diagnostics inserted = row_count;
  if inserted <> event_count then
    raise exception 'the batch has % lines for % events', inserted, event_count;
  end if;
  return null;
end $$;
