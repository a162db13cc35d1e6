-- The picture that the shop chose to stand for a show; before it there was none, so nothing has to be built anew.

alter table show_view add column cover_url text;
