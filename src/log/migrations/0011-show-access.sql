-- Who may come into a show: JSON of the plan's access. Shows from before are for everybody.

ALTER TABLE show_view ADD COLUMN access text NOT NULL DEFAULT '{"for":"everybody"}';
