import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { issuedKeyId, mintApiKey, type StrategyName } from '#gatehouse/auth';
import { FusionAuthDeclined } from '#gatehouse/fusionauth';
import { type FusionAuthControl, fusionAuthControl } from '#gatehouse/fusionauth/control';
import { Secret, writePrivateFile } from '#gatehouse/platform';
import type { Me } from '#gatehouse/todo-contract';
import type { TodoApi } from '../../../apps/todo-api/src/start-todo-api.js';
import type { PartConfigs } from './part-configs.js';
import type { Surroundings } from './system.js';

export interface TrialOptions {
  readonly surroundings: Surroundings;
  readonly configs: PartConfigs;
  readonly todoApi: TodoApi;
  readonly ada: Me;
}

/** What Ada has of one strategy, to try the Todo API out with. */
interface Trial {
  /** Below `start/` in the data directory. */
  readonly folder: string;
  /** Its line in the banner: what it is, where, and a remark. */
  readonly shown: (
    file: string,
    tokenNames: readonly string[],
  ) => [what: string, where: string, remark: string];
  /** Issues a lasting credential and returns its text; `before` is what an earlier start wrote, which is kept. */
  readonly issue?: (options: TrialOptions, before: string | undefined) => Promise<string>;
}

const trials: Readonly<Record<StrategyName, Trial>> = {
  // Kept fresh by token-files.ts.
  jwt: {
    folder: 'tokens',
    shown: (file, names) => ['Tokens', `${dirname(file)}/`, `${names.join(', ')}; kept fresh`],
  },
  'api-key': {
    folder: 'api-keys',
    shown: (file) => ['API key', file, 'opens the todos of ada'],
    issue: issueApiKey,
  },
  'email-token': {
    folder: 'authentication-tokens',
    shown: (file) => ['Auth. token', file, 'authentication token of ada'],
    issue: (options, before) => controlOf(options).users.replaceToken(options.ada.subject, before),
  },
};

/** The private file that holds Ada's credential of a strategy. */
export const trialFile = (strategy: StrategyName, dataDir: string): string =>
  join(dataDir, 'start', trials[strategy].folder, 'ada');

/** The line of the banner that says where Ada's credential of a strategy is. */
export const trialLine = (strategy: StrategyName, dataDir: string, tokenNames: readonly string[]) =>
  trials[strategy].shown(trialFile(strategy, dataDir), tokenNames);

/**
 * Issues a credential of Ada's for each strategy in force that has lasting ones, as somebody would in the Dev Center,
 * and writes it where {@link trialFile} says. One that is there already is kept, so that what somebody saved before the
 * last restart still works.
 */
export async function issueTrialCredentials(options: TrialOptions): Promise<void> {
  const { AUTH_STRATEGY: strategies, DATA_DIR: dataDir } = options.configs.todoApi;
  for (const strategy of strategies) {
    const file = trialFile(strategy, dataDir);
    const text = await trials[strategy].issue?.(options, secretIn(file));
    if (text !== undefined) writePrivateFile(file, `${text}\n`);
  }
}

function controlOf({ surroundings: { sandbox }, configs: { todoApi } }: TrialOptions): FusionAuthControl {
  return fusionAuthControl({
    url: sandbox.url,
    tenantId: todoApi.FUSIONAUTH_TENANT_ID,
    applicationId: todoApi.FUSIONAUTH_APPLICATION_ID,
    key: new Secret(sandbox.secrets['FUSIONAUTH_MANAGER_KEY'] ?? ''),
    keyName: 'FUSIONAUTH_MANAGER_KEY',
  });
}

async function issueApiKey(options: TrialOptions, before: string | undefined): Promise<string> {
  const { todoApi, ada } = options;
  const id = (before && issuedKeyId(before)) ?? randomUUID();
  const key = before ?? mintApiKey(id);
  const description = 'Ada tries the Todo API out';
  await controlOf(options)
    .apiKeys.make({ id, key, description })
    .catch((error: unknown) => {
      if (before === undefined || !(error instanceof FusionAuthDeclined)) throw error;
    });
  await todoApi.recordApiKey(new Secret(key), {
    client: 'ada-tries-it',
    fusionauthId: id,
    roles: ['todo-reader', 'todo-writer'],
    ownerId: ada.owner.id,
  });
  return key;
}

/** What an earlier start wrote; undefined where that is no secret. */
function secretIn(file: string): string | undefined {
  try {
    return /^\S{20,}$/.exec(readFileSync(file, 'utf8').trim())?.[0];
  } catch {
    return undefined;
  }
}
