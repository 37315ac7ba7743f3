import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { type Clock, type Environment, parseConfig, systemClock } from '#gatehouse/platform';
import { devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { type CommandContext, createContext } from '../../../apps/dev-center/src/context.js';
import { sweep } from '../../../apps/dev-center/src/lifecycle/sweep.js';
import { type Sandbox, startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { strategies, type Strategy } from '../../e2e/dev-center/center-world.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import type { Figures, Proof } from '../proof.js';
import { type CommandProcess, killAfter, killAt, runToTheEnd } from './command-process.js';

/** Every call of a rotation without overlap, in order; the last one revokes the old credential. */
const calls: Readonly<Record<Strategy, readonly string[]>> = {
  jwt: [
    ...['GET /api/application', 'POST /api/user/registration', 'GET /.well-known/openid-configuration'],
    ...['GET /oauth2/authorize', 'POST /oauth2/authorize', 'POST /oauth2/token', 'DELETE /api/user'],
  ],
  'client-credentials': [
    ...['GET /api/entity', 'POST /api/entity', 'POST /api/entity/grant', 'POST /oauth2/token'],
    'DELETE /api/entity',
  ],
  'api-key': ['POST /api/api-key', 'GET /api/group', 'DELETE /api/api-key'],
  'email-token': ['POST /api/user/registration', 'DELETE /api/user'],
};
const randomKills = 5;

/** Issuing and rotating can be killed at any point. */
export const issueKills: Proof = {
  name: 'issue-kills',
  about: `a rotation by each strategy killed at each of its calls and ${randomKills} times at random: FusionAuth has what the records list as active, nothing else, and the next run completes`,
  async run(say) {
    const figures: Record<string, string> = {};
    for (const strategy of strategies) {
      const directory = await temporaryDirectory();
      const sandbox = await startSandbox({
        ...{ port: 0, host: '127.0.0.1', dataDir: directory.path, log: silentLog },
      });
      try {
        figures[strategy] = await survives(sandbox, directory.path, strategy, say);
      } finally {
        await sandbox.close();
        await directory.remove();
      }
    }
    return figures satisfies Figures;
  },
};

async function survives(
  sandbox: Sandbox,
  directory: string,
  strategy: Strategy,
  say: (text: string) => void,
): Promise<string> {
  const env: Environment = {
    FUSIONAUTH_URL: sandbox.url,
    FUSIONAUTH_MANAGER_KEY: sandbox.secrets['FUSIONAUTH_MANAGER_KEY'],
    FUSIONAUTH_API_KEY: sandbox.secrets['FUSIONAUTH_API_KEY'],
    DATA_DIR: directory,
  };
  await inDatabase(directory, env, () => Promise.resolve());
  let turn = 0;
  const named = (command: string, ...more: string[]): CommandProcess => ({
    program: 'credentials',
    args: [
      command,
      '--client',
      'killed',
      '--strategy',
      strategy,
      ...more,
      '--out',
      join(directory, `secret-${(turn += 1)}`),
    ],
    env,
  });
  const rotate = () => named('rotate', '--overlap', '0s');
  await runToTheEnd(named('issue', '--roles', 'todo-reader'));
  const kills = [
    ...calls[strategy].map(
      (call) => [call, (command: CommandProcess) => killAt(sandbox, call, command)] as const,
    ),
    ...Array.from({ length: randomKills }, () => Math.round(Math.random() * 300)).map(
      (after) =>
        [`after ${after} ms`, (command: CommandProcess) => killAfter(sandbox, after, command)] as const,
    ),
  ];
  for (const [where, kill] of kills) {
    say(`${strategy} killed at ${where}`);
    await kill(rotate());
    const before = await inForce(directory, env, strategy);
    // A rotation killed at any point leaves a working credential: the old one, or the new one with its secret stored.
    if (before.length === 0) throw new Error(`${strategy} killed at ${where}: nothing is active`);
    await runToTheEnd(rotate());
    const after = await inForce(directory, env, strategy);
    if (after.length !== 1) throw new Error(`${strategy} killed at ${where}: ${after.length} are active`);
    await inDatabase(directory, env, (center) => nothingOrphaned(center, strategy, where), later);
    if (readFileSync(join(directory, `secret-${turn}`), 'utf8').length < 20)
      throw new Error('no secret was kept');
  }
  return `${kills.length} kills, 0 orphans, 1 active after each`;
}

/** Returns the credentials that are active in the records and exist in FusionAuth. */
async function inForce(directory: string, env: Environment, strategy: Strategy): Promise<string[]> {
  return inDatabase(directory, env, async (center) => {
    const active = (await center.credentials.list()).filter(({ state }) => state === 'active');
    const there = await Promise.all(active.map((one) => isThere(center, strategy, one.fusionauthId ?? '')));
    if (there.includes(false)) throw new Error('an active credential is gone at FusionAuth');
    return active.map(({ id }) => id);
  });
}

/** Returns the time after which no request of a killed command can still take effect in FusionAuth. */
const later = () => Date.now() + 120_000;

async function nothingOrphaned(center: CommandContext, strategy: Strategy, where: string): Promise<void> {
  await sweep(center);
  const all = await center.credentials.list({ ended: true });
  for (const { state, fusionauthId } of all) {
    if (state === 'planned') throw new Error(`${strategy} killed at ${where}: a plan is left`);
    if (state === 'ended' && (await isThere(center, strategy, fusionauthId ?? '')))
      throw new Error(`${strategy} killed at ${where}: orphaned at FusionAuth`);
  }
  const { brokenAt } = await center.audit.verify();
  if (brokenAt !== undefined) throw new Error(`the audit trail is broken at ${brokenAt}`);
}

async function isThere(center: CommandContext, strategy: Strategy, id: string): Promise<boolean> {
  const { users, entities, apiKeys } = center.control();
  if (strategy === 'api-key') return (await apiKeys.read(id)) !== undefined;
  if (strategy === 'client-credentials') return (await entities.typeOf(id)) !== undefined;
  return (await users.read(id)) !== undefined;
}

async function inDatabase<T>(
  dataDir: string,
  env: Environment,
  work: (center: CommandContext) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  const template = await databaseTemplate();
  const database = await openDatabase({ name: 'todo', dataDir, log: silentLog, template });
  const center = createContext(parseConfig(devCenterSchema, env), { database, log: silentLog, clock });
  try {
    await migrate(database, migrationsOf('todo'));
    return await work(center);
  } finally {
    await center.close();
    await database.close();
  }
}
