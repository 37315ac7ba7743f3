-- A worker holds mails before it sends them, each until its lease runs out.
alter table mails add column held_by uuid;

-- Whoever unsubscribed gets no mail from that instant on.
alter table people add column unsubscribed_at timestamptz(3);

-- One of several workers runs a tick of the schedule. Its lease is null once the tick is done.
alter table progress
  alter column completed_at drop not null,
  add column tick timestamptz(3),
  add column tick_held_by uuid,
  add column tick_lease_until timestamptz(3);
