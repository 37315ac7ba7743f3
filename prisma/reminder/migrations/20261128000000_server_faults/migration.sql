-- Attempts that failed by the mail server's fault, which do not count against the mail.
alter table mails add column server_faults integer not null default 0;
