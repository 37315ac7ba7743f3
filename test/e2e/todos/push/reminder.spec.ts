import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { parseConfig } from '#gatehouse/platform';
import { schemaFor } from '../../../../apps/reminder-app/src/config.js';
import { createReminder, type Reminder } from '../../../../apps/reminder-app/src/reminder.js';
import { applicationId } from '../../../../tools/issuer/src/token-minter.js';
import { personTricks } from '../../../contract/people.js';
import { apiClient } from '../../../support/api-client.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../../support/embedded-database.js';
import { reminderClient, startWorld, type World } from '../../../support/start-world.js';
import { type FaultySmtp, startSmtp } from '../../reminder/faulty-smtp.js';
import { fusionAuthOf } from './ground.js';

let world: World;
let smtp: FaultySmtp;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let reminder: Reminder;
let userId: string;
/** Statuses that the Reminder App got from the Todo API. */
const statuses: number[] = [];
/** Awaited before the nth request of a run is forwarded to the Todo API. */
let before: (nth: number) => Promise<unknown> = () => Promise.resolve();

const proxy = createServer((request, response) => void passOn(request, response));
async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await before(statuses.length + 1);
  const { method, headers, url } = request;
  const onward = forward(`${world.api.url}${url ?? ''}`, { method, headers }, (answer) => {
    statuses.push(answer.statusCode ?? 0);
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
}

beforeAll(async () => {
  [world, smtp, directory] = await Promise.all([
    startWorld({ push: true }),
    startSmtp(),
    temporaryDirectory(),
  ]);
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const tokenFile = join(directory.path, 'refresh-token');
  const { refresh_token: token = '' } = await walkCodeGrant({
    url: world.sandbox.url,
    clientId: applicationId,
    redirectUri: 'http://127.0.0.1:3001/callback',
    loginId: reminderClient.email,
    password: world.sandbox.secrets[reminderClient.password] ?? '',
  });
  await writeFile(tokenFile, token, { mode: 0o600 });
  const { user } = await fusionAuthOf(world).admin<{ user: { id: string } }>(
    'GET',
    `/api/user?email=${encodeURIComponent(reminderClient.email)}`,
  );
  userId = user.id;
  const environment = {
    NODE_ENV: 'test',
    FUSIONAUTH_URL: world.sandbox.url,
    TODO_API_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    REFRESH_TOKEN_FILE: tokenFile,
    SMTP_URL: smtp.url,
    DATA_DIR: directory.path,
  };
  const config = parseConfig(schemaFor(environment), environment);
  reminder = await createReminder(config, { log: silentLog, template: await databaseTemplate('reminder') });
});
afterAll(async () => {
  await reminder.close();
  proxy.closeAllConnections();
  proxy.close();
  await smtp.close();
  await world.close();
  await directory.remove();
});

const createTodo = async (title: string) => {
  const dueAt = new Date(Date.now() + 3_600_000).toISOString();
  const ada = apiClient(world.api.url, await world.tokenOf('ada'));
  expect((await ada('POST', '/todos', { json: { title, dueAt } })).status).toBe(201);
};

const changeRegistration = async () => {
  const issued = { headers: {}, secrets: [], userId };
  await personTricks.setRoles(fusionAuthOf(world).world, issued, ['todo-auditor']);
  await world.sandbox.webhooks.settled();
};

describe('a Reminder App whose registration is changed (user.registration.update)', () => {
  it.each([
    ['before its run', 1],
    ['in the middle of its run', 2],
  ])('%s is refused once, waits, and continues with a new token', async (when, nth) => {
    await createTodo(`Changed ${when}`);
    // So that it has a token, and needs no other.
    await reminder.runOnce();
    await createTodo(`Changed ${when}, again`);
    statuses.length = 0;
    let changed = false;
    before = async (count) => {
      if (count !== nth || changed) return;
      changed = true;
      await changeRegistration();
    };
    const began = Date.now();
    const outcome = await reminder.runOnce();
    expect(outcome).toMatchObject({ failed: 0, held: 0, mailsSent: 1 });
    expect(statuses.filter((status) => status === 401)).toHaveLength(1);
    expect(statuses.slice(nth - 1, nth + 1)).toEqual([401, 200]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_600);
  });
});
