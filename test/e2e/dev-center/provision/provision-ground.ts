import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { provisionFaces } from '../../../../apps/dev-center/src/cli/provision-faces.js';
import { commands } from '../../../../apps/dev-center/src/commands/index.js';
import { devCenterSchema } from '../../../../apps/dev-center/src/config.js';
import { createFusionAuthContext } from '../../../../apps/dev-center/src/context.js';
import type { Provisioned } from '../../../../apps/dev-center/src/provision/provision.js';
import { type Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { silentLog, temporaryDirectory } from '../../../support/embedded-database.js';
import { startedSandbox } from '../../sandbox/started-sandbox.js';

export const webhookKeyId = '9b1d6c3e-2f47-4a80-b5e9-7c0d3f6a1e28';
export const kickstart = JSON.parse(readFileSync('deploy/kickstart/kickstart.json', 'utf8')) as {
  variables: Record<string, string>;
  apiKeys: { key: string; permissions?: { endpoints: Record<string, string[]> } }[];
  requests: object[];
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A FusionAuth as an administrator leaves it after the first log-in: a tenant, and two keys that only a page can make. */
export async function bareFusionAuth(change: (keys: typeof kickstart.apiKeys) => void = () => undefined) {
  const directory = await temporaryDirectory();
  const { variables, apiKeys } = structuredClone(kickstart);
  const keys = apiKeys.slice(0, 2);
  change(keys);
  const kickstartFile = join(directory.path, 'kickstart.json');
  writeFileSync(kickstartFile, JSON.stringify({ variables, apiKeys: keys, requests: [] }));
  return open({ dataDir: directory.path, kickstartFile });
}

export async function open(options: Parameters<typeof startedSandbox>[0] = {}): Promise<Sandbox> {
  const { sandbox, stop } = await startedSandbox(options);
  stops.push(stop);
  return sandbox;
}

export const bootstrapId = (sandbox: Sandbox) =>
  Object.entries(sandbox.apiKeyIds()).find(([description]) => description.startsWith('Applies'))?.[1];

export function environmentOf(sandbox: Sandbox): Environment {
  const { FUSIONAUTH_BOOTSTRAP_KEY, FUSIONAUTH_MANAGER_KEY } = sandbox.secrets;
  return {
    FUSIONAUTH_URL: sandbox.url,
    FUSIONAUTH_BOOTSTRAP_KEY,
    FUSIONAUTH_MANAGER_KEY,
    FUSIONAUTH_API_KEY: 'the-todo-apis-own-key-0123456789',
  };
}

export async function provision(environment: Environment, args: object = {}): Promise<Provisioned> {
  const context = createFusionAuthContext(parseConfig(devCenterSchema, environment), { log: silentLog });
  const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
  const result = await commands.provision.execute(args, context, io);
  await context.close();
  return result;
}

export const { show, exitCode } = provisionFaces['provision']!;

export const partsOf = ({ changes }: Provisioned) => changes.map(({ part }) => part);
