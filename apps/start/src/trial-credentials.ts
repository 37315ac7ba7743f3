import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { issuedKeyId, mintApiKey } from '#gatehouse/auth';
import { FusionAuthDeclined } from '#gatehouse/fusionauth';
import { fusionAuthControl, type FusionAuthControl } from '#gatehouse/fusionauth/control';
import { Secret, writePrivateFile } from '#gatehouse/platform';
import type { Me } from '#gatehouse/todo-contract';
import type { TodoApi } from '../../todo-api/src/start-todo-api.js';
import type { PartConfigs } from './part-configs.js';
import type { Surroundings } from './system.js';

/** The private files that hold Ada's credential of each strategy. */
export const trialFiles = (dataDir: string) => ({
  jwt: join(dataDir, 'start', 'tokens', 'ada'),
  'api-key': join(dataDir, 'start', 'api-keys', 'ada'),
  'email-token': join(dataDir, 'start', 'authentication-tokens', 'ada'),
});

export interface TrialOptions {
  readonly surroundings: Surroundings;
  readonly configs: PartConfigs;
  readonly todoApi: TodoApi;
  readonly ada: Me;
}

/**
 * Issues a credential of Ada's for each strategy in force that has lasting ones, as somebody would in the Dev Center,
 * and writes it where {@link trialFiles} says. One that is there already is kept, so that what somebody saved before
 * the last restart still works.
 */
export async function issueTrialCredentials(options: TrialOptions): Promise<void> {
  const { AUTH_STRATEGY: strategies, DATA_DIR: dataDir } = options.configs.todoApi;
  const files = trialFiles(dataDir);
  const control = controlOf(options);
  if (strategies.includes('api-key')) await issueApiKey(files['api-key'], control, options);
  if (strategies.includes('email-token')) {
    const file = files['email-token'];
    const token = await control.users.replaceToken(options.ada.subject, secretIn(file));
    writePrivateFile(file, `${token}\n`);
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

async function issueApiKey(file: string, control: FusionAuthControl, { todoApi, ada }: TrialOptions) {
  const known = secretIn(file);
  const id = (known && issuedKeyId(known)) ?? randomUUID();
  const key = known ?? mintApiKey(id);
  const description = 'Ada tries the Todo API out';
  await control.apiKeys.make({ id, key, description }).catch((error: unknown) => {
    if (known === undefined || !(error instanceof FusionAuthDeclined)) throw error;
  });
  await todoApi.recordApiKey(new Secret(key), {
    client: 'ada-tries-it',
    fusionauthId: id,
    roles: ['todo-reader', 'todo-writer'],
    ownerId: ada.owner.id,
  });
  writePrivateFile(file, `${key}\n`);
}

/** What an earlier start wrote; undefined where that is no secret. */
function secretIn(file: string): string | undefined {
  try {
    return /^\S{20,}$/.exec(readFileSync(file, 'utf8').trim())?.[0];
  } catch {
    return undefined;
  }
}
