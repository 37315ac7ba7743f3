-- How often a mail of unknown fate was sent again, whatever else was tried before.
alter table mails add column resends integer not null default 0;
