import type pg from 'pg';
import { recipientOf } from './recipient.js';
import { transaction } from './transaction.js';

/** Matches domains that have another spelling: those with non-ASCII letters or capitals. SQL cannot convert to Punycode. */
const otherSpellingsQuery = `
  select recipient from (select recipient from people union select recipient from reminders where mail_id is null) known
  cross join lateral (select substring(recipient from '[^@]*$') as domain) part
  where octet_length(domain) <> char_length(domain) or domain <> lower(domain)
  order by recipient`;

/**
 * Ranks two rows for one todo; the first remains. A mail that was sent or may have been comes before one that can still
 * be sent.
 */
const byState = `array_position(array['sent', 'unknown', 'sending', 'planned', 'failed', 'dead'], state::text)`;

/**
 * Merges rows that an earlier version wrote under different spellings of an address into {@link recipientOf}. Nobody
 * who unsubscribed under one spelling is mailed under another, and no todo is mailed again. Does nothing if there is
 * nothing to merge. Resolves with the number of spellings replaced.
 */
export async function mergeRecipients(pool: pg.Pool): Promise<number> {
  if ((await otherSpellings(pool)).length === 0) return 0;
  return transaction(pool, async (client) => {
    // In the order in which planning and unsubscribing write to them, so that they wait; reads continue.
    await client.query('lock table people, mails, reminders in share row exclusive mode');
    const spellings = await otherSpellings(client);
    for (const spelling of spellings) await merge(client, spelling, recipientOf(spelling));
    return spellings.length;
  });
}

async function otherSpellings(db: pg.Pool | pg.PoolClient): Promise<string[]> {
  const { rows } = await db.query<{ recipient: string }>(otherSpellingsQuery);
  return rows.map(({ recipient }) => recipient).filter((spelling) => spelling !== recipientOf(spelling));
}

async function merge(client: pg.PoolClient, spelling: string, recipient: string): Promise<void> {
  const names = [spelling, recipient];
  await client.query(
    `insert into people (recipient, last_planned_at, unsubscribed_at)
     select $2, last_planned_at, unsubscribed_at from people where recipient = $1
     on conflict (recipient) do update
     set last_planned_at = greatest(people.last_planned_at, excluded.last_planned_at),
         unsubscribed_at = least(people.unsubscribed_at, excluded.unsubscribed_at)`,
    names,
  );
  const { rows: reduced } = await client.query<{ id: number }>(
    `with ranked as (
       select todo_id, due_at, reminders.recipient, mail_id, row_number() over (
         partition by todo_id, due_at order by ${byState} nulls last, reminders.recipient = $2 desc) as place
       from reminders left join mails on mails.id = mail_id
       where reminders.recipient = any ($1)),
     gone as (
       delete from reminders using ranked
       where place > 1 and (reminders.todo_id, reminders.due_at, reminders.recipient)
                         = (ranked.todo_id, ranked.due_at, ranked.recipient))
     select distinct mail_id as id from ranked where place > 1 and mail_id is not null`,
    [names, recipient],
  );
  await client.query('update reminders set recipient = $2 where recipient = $1', names);
  await client.query('update mails set recipient = $2 where recipient = $1', names);
  // A mail without todos would be sent, or resent, empty.
  await client.query(
    `delete from mails where id = any ($1) and state <> 'sent'
       and not exists (select from reminders where mail_id = mails.id)`,
    [reduced.map(({ id }) => id)],
  );
  await client.query('delete from people where recipient = $1', [spelling]);
}
