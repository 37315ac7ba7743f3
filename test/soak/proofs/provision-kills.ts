import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '#gatehouse/platform';
import { type Sandbox, startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import type { Proof } from '../proof.js';
import { type CommandProcess, killAfter, killAt, runToTheEnd } from './command-process.js';

const steps = [
  ...['POST /api/user-action', 'POST /api/key/generate', 'POST /api/lambda', 'PATCH /api/tenant'],
  ...['POST /api/application', 'POST /api/group', 'POST /api/entity/type', 'POST /api/entity'],
  ...['POST /api/api-key', 'DELETE /api/api-key'],
];
const randomKills = 10;

/** Provisioning can be killed at any point. */
export const provisionKills: Proof = {
  name: 'provision-kills',
  about: `provision killed at each of its ${steps.length} calls and ${randomKills} times at random: the next run completes it, the one after has nothing to change`,
  async run(say) {
    const directory = await temporaryDirectory();
    const sandbox = await bareFusionAuth(directory.path);
    try {
      for (const step of steps) {
        say(`killed at ${step}`);
        await converges(sandbox, (command) => killAt(sandbox, step, command));
      }
      for (let turn = 0; turn < randomKills; turn += 1) {
        const after = Math.round(Math.random() * 400);
        say(`killed after ${after} ms`);
        await converges(sandbox, (command) => killAfter(sandbox, after, command));
      }
      return { kills: steps.length + randomKills, converged: steps.length + randomKills };
    } finally {
      await sandbox.close();
      await directory.remove();
    }
  },
};

/** Starts a FusionAuth that has only a tenant and the two keys that can only be made on a page. */
async function bareFusionAuth(directory: string): Promise<Sandbox> {
  const { variables, apiKeys } = JSON.parse(readFileSync('deploy/kickstart/kickstart.json', 'utf8')) as {
    variables: object;
    apiKeys: object[];
  };
  const kickstartFile = join(directory, 'kickstart.json');
  writeFileSync(kickstartFile, JSON.stringify({ variables, apiKeys: apiKeys.slice(0, 2), requests: [] }));
  return startSandbox({ port: 0, host: '127.0.0.1', dataDir: directory, log: silentLog, kickstartFile });
}

async function converges(sandbox: Sandbox, kill: (command: CommandProcess) => Promise<void>): Promise<void> {
  await sandbox.reset();
  const command = { program: 'provision', args: [], env: environmentOf(sandbox) } as const;
  await kill(command);
  await runToTheEnd(command);
  const again = JSON.parse(await runToTheEnd({ ...command, args: ['--json'] })) as { changes: object[] };
  if (again.changes.length > 0) throw new Error(`still to change: ${JSON.stringify(again.changes)}`);
  await nothingTwice(sandbox);
}

function environmentOf(sandbox: Sandbox): Environment {
  const { FUSIONAUTH_BOOTSTRAP_KEY, FUSIONAUTH_MANAGER_KEY } = sandbox.secrets;
  const id = Object.entries(sandbox.apiKeyIds()).find(([name]) => name.startsWith('Applies'))?.[1];
  return {
    ...{ FUSIONAUTH_URL: sandbox.url, FUSIONAUTH_BOOTSTRAP_KEY, FUSIONAUTH_MANAGER_KEY },
    ...{ FUSIONAUTH_BOOTSTRAP_KEY_ID: id, FUSIONAUTH_API_KEY: 'the-todo-apis-own-key-0123456789' },
    DATA_DIR: '/nonexistent',
  };
}

/** Checks that nothing exists twice. Parts have fixed ids; only roles have none. */
async function nothingTwice(sandbox: Sandbox): Promise<void> {
  const answer = await fetch(`${sandbox.url}/api/application/a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c`, {
    headers: { authorization: sandbox.secrets['FUSIONAUTH_MANAGER_KEY'] ?? '' },
  });
  const { application } = (await answer.json()) as { application: { roles: { name: string }[] } };
  const names = application.roles.map(({ name }) => name);
  if (names.length !== 4 || new Set(names).size !== 4) throw new Error(`roles ${names.join(', ')}`);
}
