-- The picture that the shop chose to stand for a show, and who pays for it; before there was neither, so nothing has to
-- be built anew.

alter table show_view add column cover_url text, add column partner text;
