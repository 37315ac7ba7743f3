import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { adaId, applicationId, call, lock, lockActionId, logIn, refresh } from '../started-sandbox.js';
import { addWebhook, type Receiver, sendEvents } from '../webhook-receiver.js';
import { del, events, receiver, sandbox, session } from './ground.js';

const deactivate = () => del(`/api/user/${adaId}`);
const isActive = async () => {
  const { user } = (await call(sandbox, 'GET', `/api/user/${adaId}`)).body as { user: { active: boolean } };
  return user.active;
};
const refusal = {
  status: 504,
  body: { generalErrors: [{ code: '[WebhookTransactionException]', message: expect.any(String) }] },
};
/** Adds `count` webhooks at one receiver, which takes the first `taken`. */
async function addWebhooks(count: number, taken: number) {
  for (let one = 0; one < count; one += 1)
    await addWebhook(sandbox, receiver.url, { headers: { 'x-answer': one < taken ? '200' : '500' } });
  receiver.answer = (response, { headers }) => response.writeHead(Number(headers['x-answer'])).end();
}

describe('a transaction', () => {
  it.each([
    ['Any', 3, 0, 504],
    ['Any', 3, 1, 200],
    ['SimpleMajority', 4, 1, 504],
    ['SimpleMajority', 4, 2, 200],
    ['SimpleMajority', 3, 1, 504],
    ['SimpleMajority', 3, 2, 200],
    ['SuperMajority', 3, 1, 504],
    ['SuperMajority', 3, 2, 200],
    ['AbsoluteMajority', 3, 2, 504],
    ['AbsoluteMajority', 3, 3, 200],
    ['None', 2, 0, 200],
  ])(
    'of type %s with %i receivers and %i that take the event is answered so',
    async (type, count, taken, status) => {
      await sendEvents(sandbox, type);
      await addWebhooks(count, taken);
      expect((await deactivate()).status).toBe(status);
      expect(await isActive()).toBe(status === 504);
    },
  );

  it('without receivers passes', async () => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    expect((await deactivate()).status).toBe(200);
  });

  it('that failed names the reason, and the event is not sent again', async () => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhooks(2, 1);
    expect(await deactivate()).toMatchObject(refusal);
    expect(await events()).toHaveLength(2);
  });

  it('that passed sends the event to each failed receiver up to three more times, immediately', async () => {
    await sendEvents(sandbox, 'Any');
    await addWebhooks(2, 1);
    expect((await deactivate()).status).toBe(200);
    const all = await events();
    expect(all).toHaveLength(5);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(receiver.received.filter(({ headers }) => headers['x-answer'] === '500')).toHaveLength(4);
  });

  it('stops retrying once a receiver has accepted the event', async () => {
    await sendEvents(sandbox, 'Any');
    await addWebhooks(2, 1);
    const { answer } = receiver;
    receiver.answer = (response, one) =>
      receiver.received.length > 3 ? response.end() : answer(response, one);
    await deactivate();
    expect(await events()).toHaveLength(4);
  });

  it.each([204, 299])('counts %i as success', async (status) => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    receiver.answer = (response) => response.writeHead(status).end();
    expect((await deactivate()).status).toBe(200);
  });

  it.each<[string, (receiver: Receiver) => void]>([
    ['a redirect', (one) => (one.answer = (response) => response.writeHead(302, { location: '/' }).end())],
    ['an error', (one) => (one.answer = (response) => response.writeHead(404).end())],
    ['a connection that breaks', (one) => (one.answer = (response) => response.destroy())],
    ['silence for longer than readTimeout', (one) => (one.answer = () => undefined)],
  ])('takes %s for a failure', async (_what, prepare) => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url, { readTimeout: 200 });
    prepare(receiver);
    expect(await deactivate()).toMatchObject(refusal);
    expect(await isActive()).toBe(true);
  });

  it('counts a receiver as failed if no connection is made within connectTimeout', async () => {
    const { port, stop } = await fullListener();
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, `http://127.0.0.1:${port}`, { connectTimeout: 200, readTimeout: 60_000 });
    expect(await deactivate()).toMatchObject(refusal);
    stop();
  });

  it('of a user action uses the action’s own type', async () => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    receiver.answer = (response) => response.writeHead(500).end();
    await lock(sandbox, adaId);
    await sandbox.reset();
    await sendEvents(sandbox, 'None');
    await addWebhook(sandbox, receiver.url);
    const { body } = await call(sandbox, 'POST', '/api/user-action', {
      userAction: { name: 'Strict', temporal: true, transactionType: 'AbsoluteMajority' },
    });
    const { id: userActionId } = body['userAction'] as { id: string };
    await expect(lock(sandbox, adaId, { userActionId })).rejects.toThrow('WebhookTransactionException');
    expect((await call(sandbox, 'GET', `/api/user/action?userId=${adaId}`)).body).toEqual({ actions: [] });
  });

  it('that fails for the second event of a change makes no part of the change', async () => {
    await session();
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    receiver.answer = (response, { event }) =>
      response.writeHead(event.type === 'user.action' ? 200 : 500).end();
    await expect(lock(sandbox, adaId, { userActionId: lockActionId })).rejects.toThrow('Webhook');
    expect((await call(sandbox, 'GET', `/api/user/action?userId=${adaId}`)).body).toEqual({ actions: [] });
  });
});

describe('while an event is being delivered', () => {
  it('its change is not visible to other calls', async () => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    const seen: boolean[] = [];
    receiver.answer = (response) =>
      void isActive().then((active) => {
        seen.push(active);
        response.end();
      });
    await deactivate();
    expect([...seen, await isActive()]).toEqual([true, false]);
  });

  it('a session that is about to be revoked still yields tokens', async () => {
    const { id, refreshToken } = await session();
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    const seen: number[] = [];
    receiver.answer = (response) =>
      void refresh(sandbox, refreshToken).then(({ status }) => {
        seen.push(status);
        response.end();
      });
    await del(`/api/jwt/refresh/${id}`);
    expect([...seen, (await refresh(sandbox, refreshToken)).status]).toEqual([200, 400]);
  });

  it('a session that begins is among those revoked', async () => {
    await session();
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    let late: string | undefined;
    receiver.answer = (response) =>
      void logIn(sandbox).then(({ refresh_token }) => {
        late = refresh_token;
        response.end();
      });
    await del(`/api/jwt/refresh?userId=${adaId}`);
    expect((await refresh(sandbox, late!)).status).toBe(400);
  });

  it('another call may change the same user, and both changes last', async () => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    receiver.answer = (response) =>
      void call(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { firstName: 'Augusta' } }).then(() =>
        response.end(),
      );
    await deactivate();
    expect((await call(sandbox, 'GET', `/api/user/${adaId}`)).body['user']).toMatchObject({
      active: false,
      firstName: 'Augusta',
    });
  });

  /** Changes Ada's password; while a receiver has the event of the sessions that this revokes, makes another change. */
  const whilePasswordChanges = async (change: () => Promise<unknown>) => {
    await session();
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    receiver.answer = (response) => {
      receiver.answer = (other) => other.end();
      void change().then(() => response.end());
    };
    const user = { password: 'another password' };
    return (await call(sandbox, 'PATCH', `/api/user/${adaId}`, { user })).status;
  };
  const ada = async () => (await call(sandbox, 'GET', `/api/user/${adaId}`)).body['user'];

  it('a user whose password changes may be deactivated and unregistered, and stays so', async () => {
    const status = await whilePasswordChanges(async () => {
      await deactivate();
      await del(`/api/user/registration/${adaId}/${applicationId}`);
    });
    expect([status, await ada()]).toMatchObject([200, { active: false, registrations: [] }]);
  });

  it('a user whose password changes may be deleted, and stays so', async () => {
    const status = await whilePasswordChanges(() => del(`/api/user/${adaId}?hardDelete=true`));
    expect([status, await ada()]).toEqual([404, undefined]);
  });

  it('an address that a user is about to get may be taken by another', async () => {
    await session();
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    const wanted = { email: 'wanted@example.com', password: 'another password' };
    receiver.answer = (response) =>
      void call(sandbox, 'POST', '/api/user', { user: wanted }).then(() => response.end());
    const changed = await call(sandbox, 'PATCH', `/api/user/${adaId}`, { user: wanted });
    expect(changed.body['fieldErrors']).toHaveProperty(['user.email']);
  });
});

/** A listener whose queue of connections is full, so that no other comes about. */
async function fullListener() {
  const program = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    require('fs').writeSync(1, String(this.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${Number(port)}`;
  const fill = () => fetch(url, { signal: AbortSignal.timeout(300) }).catch(() => undefined);
  await Promise.all([fill(), fill(), fill()]);
  return { port: Number(port), stop: () => child.kill('SIGKILL') };
}
