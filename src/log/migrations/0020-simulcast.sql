-- Where shows are sent on to. The key is sealed with the installation's secret: whoever reads this table alone can't
-- publish with it.

create table simulcast_destinations (
  destination_id text primary key,
  name text not null,
  address text not null,
  key_sealed bytea not null,
  -- The key's last characters, to tell keys apart.
  ending text not null,
  -- Whether shows have it unless they say otherwise.
  every_show boolean not null,
  created_at timestamptz not null
);
-- What a show says otherwise.
create table simulcast_switches (
  show_id text not null,
  destination_id text not null references simulcast_destinations on delete cascade,
  is_on boolean not null,
  primary key (show_id, destination_id)
);
