import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { writePrivateFile } from '#gatehouse/platform';
import type { TodoApi } from '../../../apps/todo-api/src/start-todo-api.js';
import { type Identity, reminderClient } from './identities.js';
import type { PartConfigs } from './part-configs.js';
import type { Surroundings } from './system.js';

/** The address of the Dev Center in the kickstart file; nothing has to listen there. */
const redirectUri = 'http://127.0.0.1:3001/callback';

/** Walks the code grant for somebody whom the sandbox's kickstart file knows. */
export function logIn({ sandbox }: Surroundings, configs: PartConfigs, { email, password: name }: Identity) {
  const password = sandbox.secrets[name];
  if (password === undefined) throw new Error(`the kickstart file has no #{ENV.${name}}`);
  const clientId = configs.todoApi.FUSIONAUTH_APPLICATION_ID;
  return walkCodeGrant({ url: sandbox.url, clientId, redirectUri, loginId: email, password });
}

/**
 * What is still missing once the Reminder App knows its variables: with source `jwt` the refresh token that somebody
 * fetches from the Dev Center for it, with `api-key` the role of its key, which FusionAuth does not keep.
 */
export async function entitleReminder(
  surroundings: Surroundings,
  configs: PartConfigs,
  todoApi: TodoApi,
): Promise<void> {
  const { CREDENTIAL_SOURCE: source, API_KEY: key } = configs.reminder;
  if (source === 'jwt') await saveRefreshToken(surroundings, configs);
  if (source === 'api-key' && key)
    await todoApi.recordApiKey(key, { client: reminderClient.name, roles: ['todo-auditor'] });
}

async function saveRefreshToken(surroundings: Surroundings, configs: PartConfigs): Promise<void> {
  const { refresh_token } = await logIn(surroundings, configs, reminderClient);
  const file = configs.reminder.REFRESH_TOKEN_FILE;
  if (refresh_token === undefined || file === undefined) throw new Error('no refresh token was issued');
  writePrivateFile(file, `${refresh_token}\n`);
}
