/** The NOTIFY channel that tells replicas that something was recorded. Its messages have no content. */
export const channel = 'gatehouse_revocations';

const instant = (milliseconds: string) => `to_timestamp(${milliseconds} / 1000)`;
/**
 * Instants are compared with the server's clock but made by other clocks, so rows are kept longer by the allowed
 * difference.
 */
const inForce = `keep_until > now() - interval '5 minutes'`;
/** Converts to a number that the driver parses; it returns bigint as text. */
const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/**
 * $1 keys, $2 and $3 milliseconds since the epoch, in the same order. Keys are locked in sorted order, so that
 * replicas that record the same ones wait for each other without a deadlock. A call that moves nothing notifies
 * nobody.
 */
export const record = `
  with moved as (
    insert into revocations (key, revoked_before, keep_until)
    select key, ${instant('max(revoked_before)')}, ${instant('max(keep_until)')}
    from unnest($1::text[], $2::float8[], $3::float8[]) as given (key, revoked_before, keep_until)
    group by key order by key
    on conflict (key) do update
      set revoked_before = excluded.revoked_before,
          keep_until = greatest(revocations.keep_until, excluded.keep_until),
          transaction = pg_current_xact_id()
      where excluded.revoked_before > revocations.revoked_before
    returning 1
  ), counted as (select count(*)::int as moved from moved)
  select moved, case when moved > 0 then pg_notify('${channel}', '') end from counted`;

/** A row of {@link readSince}: a revocation, or the mark where the next read begins. */
export type ReadRow =
  | { readonly key: string; readonly revokedBefore: number; readonly keepUntil: number }
  | { readonly key: string; readonly revokedBefore: null; readonly keepUntil: null };

export const isMark = ({ revokedBefore }: ReadRow): boolean => revokedBefore === null;

/**
 * Identifies a server, as opposed to its successor, such as a promoted standby, where transaction numbers may repeat.
 */
const server = `extract(epoch from pg_postmaster_start_time())::text`;

const columns = `key, ${milliseconds('revoked_before')} as "revokedBefore", ${milliseconds('keep_until')} as "keepUntil"`;

/**
 * The oldest running transaction and its server. All earlier ones have ended and are visible; one that commits later
 * is never below it.
 */
const mark = `pg_snapshot_xmin(pg_current_snapshot())::text || '@' || ${server}`;

export const readMark = `select ${mark} as mark`;

/**
 * $1 the mark of the previous read; returns no rows if that is of another server. The new mark is of the same
 * snapshot.
 */
export const readSince = `
  select ${mark} as key, null::float8 as "revokedBefore", null::float8 as "keepUntil"
  union all
  select ${columns} from revocations
  where ${inForce} and split_part($1, '@', 2) = ${server} and transaction >= split_part($1, '@', 1)::xid8`;

/** Rows per statement: a million would exceed the statement timeout. */
export const partSize = 20_000;

/** $1 the last key of the previous part. */
export const readPart = `
  select ${columns} from revocations where ${inForce} and key > $1 order by key limit ${partSize}`;

/** The most rows that {@link deleteExpired} deletes. */
export const batch = 10_000;

/** Skips rows that another transaction is updating, so that this never waits. */
export const deleteExpired = `
  delete from revocations where key in (
    select key from revocations where not (${inForce}) limit ${batch} for update skip locked)`;

/**
 * $1 name, $2 milliseconds. Replicas that ask at the same time wait for the row, and the second finds the turn taken.
 */
export const takeTurn = `
  with taken as (
    insert into shared_work (name, taken_at) values ($1, now())
    on conflict (name) do update set taken_at = now()
      where shared_work.taken_at <= now() - $2::float8 * interval '1 millisecond'
    returning 1
  )
  select exists (select from taken) as mine,
         (select ${milliseconds('done_until')} from shared_work where name = $1) as "doneUntil"`;

/** $1 name, $2 milliseconds since the epoch. */
export const endTurn = `
  insert into shared_work (name, taken_at, done_until) values ($1, now(), ${instant('$2::float8')})
  on conflict (name) do update set done_until = greatest(shared_work.done_until, excluded.done_until)`;
