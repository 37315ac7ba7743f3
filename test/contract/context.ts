import type { Answer, ContractWorld, Door } from './contract-world.js';
import type { Issued, IssueOptions, Mode, Tricks } from './mode.js';

/** The context of a sentence: one mode, behind one door, in one world. */
export interface Context {
  readonly mode: Mode;
  readonly world: ContractWorld;
  readonly door: Door;
  /** Another door of the same mode with other settings. */
  readonly open: (env: Record<string, string>) => Promise<Door>;
  /** Issues a fresh valid credential; all issued ones are later searched for in everything written. */
  readonly issue: (options?: IssueOptions) => Promise<Issued>;
}

/** CREDENTIAL_CACHE_SECONDS of the doors. */
export const trustSeconds = 5;
/** CREDENTIAL_GRACE_SECONDS of the doors. */
export const graceSeconds = 60;

export const summary = ({ status, code }: Answer): [number, string | undefined] => [status, code];

export async function expectAccepted({ door }: Context, { headers }: Issued): Promise<void> {
  expect(summary(await door.get('/todos', headers))).toEqual([200, undefined]);
}

/**
 * Expects a refusal with this code, while a valid credential passes the same route, so that no 429 or 503 counts as a
 * refusal.
 */
export async function expectRefused(
  context: Context,
  { headers }: Issued,
  status: number,
  code: string,
): Promise<Answer> {
  const answer = await context.door.get('/todos', headers);
  expect(summary(answer)).toEqual([status, code]);
  await expectAccepted(context, await context.issue());
  return answer;
}

export function trick<N extends keyof Tricks>({ mode }: Context, name: N): NonNullable<Tricks[N]> {
  const found = mode.tricks[name];
  if (!found) throw new Error(`${mode.name} has no ${name}: the matrix should say n/a`);
  return found;
}

/**
 * Expects a credential to be valid at first, and refused after `change` at FusionAuth, its announcements and the trust
 * time.
 */
export async function losesAccess(
  context: Context,
  change: (world: ContractWorld, issued: Issued) => Promise<unknown>,
  [status, code]: readonly [number, string],
): Promise<void> {
  const issued = await context.issue();
  await expectAccepted(context, issued);
  await change(context.world, issued);
  await context.world.sandbox.webhooks.settled();
  context.world.sandbox.clock.advance(trustSeconds * 1000);
  await expectRefused(context, issued, status, code);
}

/** Returns credentials that only FusionAuth can refuse: the local check accepts them. */
export async function refusalsOf(context: Context, count: number): Promise<Issued[]> {
  const { revoke, unknown } = context.mode.tricks;
  const screened = context.mode.env['AUTH_STRATEGY'] === 'jwt';
  if (!screened) return Promise.all(Array.from({ length: count }, () => unknown(context.world)));
  if (!revoke)
    throw new Error(`${context.mode.name} cannot be refused by FusionAuth: the matrix should say n/a`);
  const issued = await context.issue();
  await revoke(context.world, issued);
  return Array.from({ length: count }, () => issued);
}

/** Expects equal answers in status, headers and body, except for the request id and the time. */
export function sameAnswers(answers: readonly Answer[]): void {
  const seen = answers.map(({ status, headers, text }) => {
    const { requestId: _id, ...body } = JSON.parse(text) as { requestId?: string };
    const lasting = [...headers].filter(([name]) => !['date', 'keep-alive', 'connection'].includes(name));
    return JSON.stringify({ status, headers: lasting, body }).replace(/"content-length","\d+"/, '');
  });
  expect(answers.length).toBeGreaterThan(1);
  expect(new Set(seen).size).toBe(1);
}
