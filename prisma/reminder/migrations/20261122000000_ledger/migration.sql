create type mail_state as enum ('planned', 'sending', 'sent', 'failed', 'unknown', 'dead');

create table people (
  recipient text primary key,
  last_planned_at timestamptz(3)
);

create table mails (
  id serial primary key,
  message_id text not null,
  recipient text not null references people on delete restrict on update cascade,
  time_zone text,
  state mail_state not null default 'planned',
  attempts integer not null default 0,
  planned_at timestamptz(3) not null,
  next_attempt_at timestamptz(3) not null default current_timestamp,
  lease_until timestamptz(3),
  settled_at timestamptz(3),
  reason text
);

create unique index mails_message_id_key on mails (message_id);

-- What a worker may claim. Sent mails, nearly all of the table, are not in it.
create index mails_claimable on mails (next_attempt_at, id) where state in ('planned', 'failed');

-- What a run settles, counts and lists.
create index mails_unsettled on mails (state, id) where state in ('sending', 'failed', 'unknown', 'dead');

create table reminders (
  todo_id uuid not null,
  due_at timestamptz(3) not null,
  recipient text not null,
  title text not null,
  time_zone text,
  seen_at timestamptz(3) not null,
  mail_id integer references mails on delete set null on update cascade,
  primary key (todo_id, due_at, recipient)
);

create index reminders_mail_id_idx on reminders (mail_id);

-- What waits for a digest, person by person.
create index reminders_waiting on reminders (recipient) where mail_id is null;

create table progress (
  id integer primary key default 1 check (id = 1),
  completed_at timestamptz(3) not null
);

create table refresh_tokens (
  source text primary key,
  token text not null,
  seeds text[],
  updated_at timestamptz(3) not null
);
