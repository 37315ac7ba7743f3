import { randomBytes, randomUUID } from 'node:crypto';
import { revocationKey, type RevocationTarget } from '#gatehouse/auth';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { withClientLock } from '../clients/client-lock.js';
import type { CommandIO } from '../commands/command.js';
import { redirectUri } from '../config.js';
import { type CommandContext, strongestControl } from '../context.js';
import { readWanted } from '../provision/wanted.js';
import { type Arrivals, arrivalsOf, type Expected, waitMs } from './arrivals.js';
import { type Check, failed, passed, unchecked } from './check.js';

/**
 * Always the same, so that a run finds and removes the user that a killed run left behind; in a domain without mail.
 */
export const canaryAddress = 'canary@doctor.gatehouse.invalid';

/** The time after which FusionAuth refuses the user's log-in, in case the user is left behind. */
const lifetimeMs = 600_000;

/** One event, and what causes it. */
interface Step {
  readonly event: string;
  /** The revocation that the event must cause. */
  readonly target: RevocationTarget;
  readonly cause: () => Promise<unknown>;
  /** Prepares the step. Its time does not count as that of the event. */
  readonly prepare?: () => Promise<unknown>;
}

/**
 * Creates a throwaway user, revokes its access in every way that causes an event, and measures how soon each
 * revocation is in the Todo API's database. The user is always removed, after a kill by the next run.
 */
export function runCanary(context: CommandContext, io: CommandIO): Promise<Check[]> {
  const leaving = new AbortController();
  const running = withClientLock(context.database, 'the canary', async () => {
    const { people, users } = context.control();
    const left = await people.byEmail(canaryAddress);
    if (left) await users.remove(left.id);
    const userId = randomUUID();
    try {
      return await experiment(context, userId, io, leaving.signal);
    } finally {
      await users.remove(userId).catch(() => io.report(notRemoved));
    }
  });
  io.beforeExit?.('canary', () => {
    leaving.abort();
    return running.catch(() => undefined);
  });
  return running;
}

const notRemoved = `the user ${canaryAddress} could not be removed: the next "doctor --canary" removes it`;

async function experiment(
  context: CommandContext,
  userId: string,
  io: CommandIO,
  signal: AbortSignal,
): Promise<Check[]> {
  const password = randomBytes(32).toString('base64url');
  const arrivals = await arrivalsOf(context, userId);
  const { users } = context.control();
  const expiresAt = context.clock() + lifetimeMs;
  const roles = ['todo-reader'];
  await users.make({ id: userId, email: canaryAddress, password, fullName: 'Canary', roles, expiresAt });
  const checks: Check[] = [];
  for (const step of await stepsFor(context, userId, password)) {
    signal.throwIfAborted();
    io.report(`causing ${step.event}`);
    checks.push(await tried(step, arrivals, signal));
  }
  return checks.some(({ ok }) => ok === false)
    ? [...checks, unchecked('what to check', whatToCheck)]
    : checks;
}

/** Returns the steps in an order in which each is still possible: the last ones remove the user. */
async function stepsFor(context: CommandContext, userId: string, password: string): Promise<Step[]> {
  const { config, clock, control } = context;
  const { users, sessions } = control();
  const {
    FUSIONAUTH_URL: url,
    FUSIONAUTH_TENANT_ID: tenantId,
    FUSIONAUTH_APPLICATION_ID: applicationId,
  } = config;
  const { userAction } = await readWanted(config);
  const user = { kind: 'user', userId } as const;
  const logIn = { loginId: canaryAddress, password, redirectUri: redirectUri(config), clock };
  return [
    {
      event: 'user.registration.update',
      target: { kind: 'registration', userId, applicationId },
      cause: () => users.addRole(userId, 'todo-writer'),
    },
    {
      event: 'jwt.refresh-token.revoke',
      target: user,
      // Sent only for a user who has a session.
      prepare: () => walkCodeGrant({ url, clientId: applicationId, tenantId, ...logIn }),
      cause: () => sessions.endAll(userId),
    },
    {
      event: 'user.action',
      target: user,
      cause: () => strongestControl(config).users.lock(userId, userAction.id, clock() + lifetimeMs),
    },
    { event: 'user.deactivate', target: user, cause: () => users.deactivate(userId) },
    { event: 'user.delete', target: user, cause: () => users.remove(userId) },
  ];
}

async function tried(
  { event, target, prepare, cause }: Step,
  arrivals: Arrivals,
  signal: AbortSignal,
): Promise<Check> {
  let expected: Expected;
  try {
    await prepare?.();
    expected = await arrivals.expect(revocationKey(target));
    await cause();
  } catch (error) {
    return notCaused(event, error);
  }
  const ms = await expected.arrival(signal);
  return ms === undefined
    ? failed(event, `did not arrive within ${waitMs / 1000} s`)
    : passed(event, `arrived after ${ms} ms`);
}

function notCaused(event: string, error: unknown): Check {
  if (error instanceof FusionAuthRefusedUs)
    return unchecked(event, `not tried: ${error.setting} does not permit ${error.operation}`);
  const refused = error instanceof FusionAuthUnavailable && error.status === 504;
  return failed(event, refused ? transactionRefused : `could not be caused: ${(error as Error).message}`);
}

const transactionRefused =
  'FusionAuth refused it (504), because too few webhooks succeeded: its transaction type is stricter than None';

const whatToCheck =
  'the line "webhooks" above (three settings for each event, the key that signs); whether FusionAuth reaches WEBHOOK_URL ' +
  '(System, Webhook Logs, says what came back); whether the Todo API runs with REVOCATION=push on this database ' +
  '(GET /readyz, and gatehouse_revocation_events_total counts events by outcome)';
