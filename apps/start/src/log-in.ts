import { walkCodeGrant } from './code-grant.js';
import type { Identity } from './identities.js';
import { reminderClient } from './identities.js';
import type { PartConfigs } from './part-configs.js';
import { writePrivateFile } from './private-file.js';
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

/** What somebody does in the Dev Center for the Reminder App: log in as it, and save the refresh token where it looks. */
export async function giveReminderItsToken(surroundings: Surroundings, configs: PartConfigs): Promise<void> {
  const { refresh_token } = await logIn(surroundings, configs, reminderClient);
  const file = configs.reminder.REFRESH_TOKEN_FILE;
  if (refresh_token === undefined || file === undefined) throw new Error('no refresh token was issued');
  writePrivateFile(file, `${refresh_token}\n`);
}
