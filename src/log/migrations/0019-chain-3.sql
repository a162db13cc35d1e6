-- The third form of the hash chain (docs/decisions/0008-receipts.md): what a person takes of one offer stands
-- under a pseudonym of its own. Events that were hashed in the second form can't be hashed again: everybody's
-- receipts name their hashes.
do $$
begin
  if exists (select from events) then
    raise exception 'these logs were begun by an earlier version, which hashed them in another form: begin with a new folder (RIALTO_DATA) or database, or go on with the version that made them';
  end if;
end
$$;
