import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Attempt, AuthMemory } from '#gatehouse/auth';
import type { Clock } from '#gatehouse/platform';
import type { TodoStore } from './todo-store.js';

const day = 24 * 3_600_000;
const attemptsSchema = z.array(z.object({ id: z.string(), at: z.number() }));

/** The guard's memory in the todo database, shared by all replicas. It receives only hashes. */
export class AuthMemoryRepository implements AuthMemory {
  constructor(
    private readonly store: Pick<TodoStore, 'prisma' | 'pool'>,
    private readonly clock: Clock,
  ) {}

  async rolesOfApiKey(subject: string): Promise<readonly string[] | undefined> {
    const where = { strategy_subject: { strategy: 'api-key', subject } };
    const select = { client: { select: { roles: true } } };
    return (await this.store.prisma.credential.findUnique({ where, select }))?.client.roles;
  }

  async isKnownPair(pair: string): Promise<boolean> {
    const known = await this.store.prisma.knownPair.findUnique({ where: { pair } });
    return known !== null && this.clock() - known.succeededAt.getTime() < day;
  }

  async rememberPair(pair: string): Promise<void> {
    const succeededAt = new Date(this.clock());
    const { knownPair, loginAttempts } = this.store.prisma;
    const { count } = await knownPair.updateMany({ where: { pair }, data: { succeededAt } });
    if (count > 0) return;
    await knownPair.upsert({ where: { pair }, create: { pair, succeededAt }, update: { succeededAt } });
    // New pairs are rare, so this is the place to sweep.
    const past = { lt: new Date(this.clock() - day) };
    await knownPair.deleteMany({ where: { succeededAt: past } });
    await loginAttempts.deleteMany({ where: { updatedAt: past } });
  }

  async forgetPair(pair: string): Promise<void> {
    await this.store.prisma.knownPair.deleteMany({ where: { pair } });
  }

  async takeAttempt(loginId: string, limit: number, seconds: number): Promise<Attempt> {
    const now = this.clock();
    const taken = { id: randomUUID(), at: now };
    const since = now - seconds * 1000;
    // One statement, so that two replicas cannot both take the last attempt at the same time: the second waits for
    // the row.
    const { rowCount } = await this.store.pool.query({
      name: 'take-attempt',
      text: `insert into login_attempts as known (login_id, attempts, updated_at) values ($1, jsonb_build_array($2::jsonb), $3)
             on conflict (login_id) do update set updated_at = $3, attempts = jsonb_build_array($2::jsonb) || (${recent})
              where jsonb_array_length((${recent})) < $5`,
      values: [loginId, JSON.stringify(taken), new Date(now), since, limit],
    });
    return rowCount === 1 ? { taken: taken.id } : { waitSeconds: await this.#wait(loginId, seconds) };
  }

  async giveBack(loginId: string, attempt: string): Promise<void> {
    await this.store.pool.query({
      name: 'give-attempt-back',
      text: `update login_attempts set attempts =
              (select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(attempts) one where one->>'id' <> $2)
              where login_id = $1`,
      values: [loginId, attempt],
    });
  }

  /** Returns the seconds until the oldest attempt no longer counts. */
  async #wait(loginId: string, seconds: number): Promise<number> {
    const known = await this.store.prisma.loginAttempts.findUnique({ where: { loginId } });
    const oldest = Math.min(...attemptsSchema.parse(known?.attempts ?? []).map(({ at }) => at));
    const until = Number.isFinite(oldest) ? oldest + seconds * 1000 : this.clock();
    return Math.max(1, Math.ceil((until - this.clock()) / 1000));
  }
}

const recent = `select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(known.attempts) one where (one->>'at')::bigint > $4`;
