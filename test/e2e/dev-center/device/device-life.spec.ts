import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import type { ApprovalRequest } from '#gatehouse/fusionauth/control';
import { parseConfig } from '#gatehouse/platform';
import { commands } from '../../../../apps/dev-center/src/commands/index.js';
import { runRemotely } from '../../../../apps/dev-center/src/local-rpc/client.js';
import { startRpcServer } from '../../../../apps/dev-center/src/local-rpc/server.js';
import { schemaFor } from '../../../../apps/reminder-app/src/config.js';
import { createReminder } from '../../../../apps/reminder-app/src/reminder.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../../support/embedded-database.js';
import { startTypeScript } from '../../../support/typescript-process.js';
import { adaId, call } from '../../sandbox/started-sandbox.js';
import { failure } from '../life/failure.js';
import { approve } from './approver.js';
import { type DeviceWorld, type Outcome, startDeviceWorld } from './device-world.js';

let present = Date.now();
const passed = (seconds: number) => void (present += seconds * 1000);
let world: DeviceWorld;
beforeAll(async () => {
  world = await startDeviceWorld(() => present);
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

const approved = (name: string, args: object) =>
  world.issue(args, [
    (shown: ApprovalRequest) => approve(shown.verificationUriComplete!, world.person(name)),
  ]);

/** Refreshes, and returns the answer; each call spends the token and stores its successor. */
class Holder {
  #token: string;
  constructor(token: string) {
    this.#token = token;
  }
  static of({ handOver }: Outcome): Holder {
    return new Holder(handOver!.secret.value.reveal());
  }
  async refresh(secret = world.sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!) {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: world.center.config.FUSIONAUTH_APPLICATION_ID,
      refresh_token: this.#token,
      client_secret: secret,
    });
    const answer = await fetch(`${world.sandbox.url}/oauth2/token`, { method: 'POST', body: form });
    const body = (await answer.json()) as { access_token: string; refresh_token?: string; error?: string };
    this.#token = body.refresh_token ?? this.#token;
    return body;
  }
}
const status = async (token: string) =>
  (await fetch(`${world.api.url}/me`, { headers: { authorization: `Bearer ${token}` } })).status;
const stateOf = async (client: string) =>
  ((await world.run('list', { client, all: true })).credentials as { state: string }[]).map(
    ({ state }) => state,
  );
const actionsOn = async (client: string) => {
  const { rows } = await world.api.database.pool.query<{ action: string }>(
    'select action from credential_audit where client = $1 order by seq',
    [client],
  );
  return rows.map(({ action }) => action);
};

describe('the end of a device session', () => {
  it('is caused by its revocation, which leaves the person’s own session and other devices logged in', async () => {
    const own = await world.tokenOf('ada');
    const [lost, other] = [
      await approved('ada', { client: 'lost' }),
      await approved('ada', { client: 'kept' }),
    ];
    const [first, second] = [Holder.of(lost), Holder.of(other)];
    const { access_token: token } = await first.refresh();
    expect(await status(token)).toBe(200);
    const { sid, sub } = decodeJwt(token);
    const { rows } = await world.api.database.pool.query(
      `select subject, fusionauth_id, person_id from credentials where id = $1`,
      [lost.issued!.credential],
    );
    expect(rows).toEqual([{ subject: sid, fusionauth_id: sid, person_id: adaId }]);
    expect(sub).toBe(adaId);

    await world.run('revoke', { client: 'lost', strategy: 'jwt' });

    passed(6);
    expect(await status(token)).toBe(401);
    expect(await first.refresh()).toMatchObject({ error: 'invalid_grant' });
    expect(await status(own)).toBe(200);
    expect(await status((await second.refresh()).access_token)).toBe(200);
    expect(await stateOf('lost')).toEqual(['ended']);
    expect(await actionsOn('lost')).toEqual(['add-client', 'plan', 'issue', 'revoke', 'end']);
    const person = await call(world.sandbox, 'GET', `/api/user/${adaId}`);
    expect(person).toMatchObject({ status: 200, body: { user: { active: true } } });
  });

  it('is not caused by logging out of the portal', async () => {
    const holder = Holder.of(await approved('ada', { client: 'stays' }));
    const ada = await world.loggedIn('ada');
    const page = await ada.get('/clients/stays');
    expect(page.text).toContain('Refresh token (JWT), by device');
    expect(page.body).not.toContain('/rotate');
    expect((await ada.post('/logout')).status).toBe(303);
    expect(await status((await holder.refresh()).access_token)).toBe(200);
  });

  it('comes with --expires, by the Dev Center, and not before it could tell FusionAuth', async () => {
    const holder = Holder.of(await approved('ada', { client: 'for-an-hour', expires: '1h' }));
    passed(3_601);
    world.sandbox.faults.set('DELETE /api/jwt/refresh', { status: 503 });
    await failure(world.run('issue', { client: 'for-an-hour', strategy: 'api-key' }));
    const [listed] = (await world.run('list', { client: 'for-an-hour' })).credentials as { state: string }[];
    expect(listed?.state).toBe('overdue');
    world.sandbox.faults.clear();
    await failure(world.run('issue', { client: 'for-an-hour', strategy: 'api-key' }));
    expect((await stateOf('for-an-hour'))[0]).toBe('ended');
    expect(await holder.refresh()).toMatchObject({ error: 'invalid_grant' });
  });

  it('comes with the sessions of its person, which review notices; those of a client are not the person’s', async () => {
    const own = await world.tokenOf('bruno');
    await approved('bruno', { client: 'of-bruno' });
    expect(await failure(world.run('end-sessions', { client: 'of-bruno' }))).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        /no credential with sessions: revoke its credentials with .*revoke/,
      ) as string,
    });
    expect(await status(own)).toBe(200);
    const reviewed = async () => {
      const { findings } = (await world.run('review', { client: 'of-bruno' })) as {
        findings: { kind: string }[];
      };
      return findings.map(({ kind }) => kind);
    };
    expect(await reviewed()).toEqual([]);
    await world.run('end-sessions', { user: 'bruno@example.com' });
    expect(await reviewed()).toEqual(['gone']);
    await world.run('revoke', { client: 'of-bruno', strategy: 'jwt' });
    expect(await stateOf('of-bruno')).toEqual(['ended']);
  });

  it('is no rotation: another approval is asked for, and both work', async () => {
    const first = await approved('ada', { client: 'renewed' });
    const refused = await failure(world.run('rotate', { client: 'renewed', strategy: 'jwt' }));
    expect(refused).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/issue --client renewed --strategy jwt --device/) as string,
    });
    const second = await approved('ada', { client: 'renewed' });
    for (const one of [first, second])
      expect(await status((await Holder.of(one).refresh()).access_token)).toBe(200);
    await world.run('revoke', { id: first.issued!.credential });
    expect(await Holder.of(first).refresh()).toMatchObject({ error: 'invalid_grant' });
    expect(await stateOf('renewed')).toEqual(['ended', 'active']);
  });
});

describe('the doctor and a device session', () => {
  interface Check {
    readonly name: string;
    readonly ok?: boolean;
    readonly text?: string;
  }
  const examined = async (file: string) => {
    const { credential } = (await world.run('doctor', { file })) as { credential: Check[] };
    const wrong = credential.filter(({ ok }) => ok === false).map(({ name }) => name);
    return { wrong, text: credential.map(({ text: found }) => found).join('\n') };
  };

  it('names the row of its refresh token and of its access token, and says that it has ended', async () => {
    const outcome = await approved('ada', { client: 'examined' });
    const kept = outcome.handOver!.secret.value.reveal();
    const { access_token: token } = await Holder.of(outcome).refresh();
    const row = `${outcome.issued!.credential} of examined (`;
    for (const text of [kept, token]) {
      const { wrong, text: found } = await examined(text);
      expect(wrong).toEqual([]);
      expect(found).toContain(row);
      expect(found).not.toContain(text);
    }

    await world.run('revoke', { client: 'examined', strategy: 'jwt' });

    for (const text of [kept, token]) {
      const { wrong, text: found } = await examined(text);
      expect(wrong).toContain('issued here');
      expect(found).toContain(row);
    }
  });

  it('notices that FusionAuth has the session no longer', async () => {
    const { handOver } = await approved('bruno', { client: 'drifted' });
    const kept = handOver!.secret.value.reveal();
    expect((await examined(kept)).wrong).toEqual([]);
    await world.run('end-sessions', { user: 'bruno@example.com' });
    expect(await examined(kept)).toMatchObject({
      wrong: ['FusionAuth'],
      text: expect.stringContaining('no longer exists in FusionAuth') as string,
    });
  });
});

describe('the Reminder App by a device session', () => {
  it('finds what is due, with the secret of the application, and says what is missing without it', async () => {
    await world.center.control().users.addRole(adaId, 'todo-auditor');
    const headers = {
      authorization: `Bearer ${await world.tokenOf('bruno')}`,
      'content-type': 'application/json',
    };
    const dueAt = new Date(present + 7_200_000).toISOString();
    const body = JSON.stringify({ title: 'Buy oat milk', dueAt });
    expect((await fetch(`${world.api.url}/todos`, { method: 'POST', headers, body })).status).toBe(201);
    const { handOver } = await approved('ada', { client: 'reminds' });
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'refresh-token');
    await writeFile(file, handOver!.secret.value.reveal(), { mode: 0o600 });
    const environment = {
      NODE_ENV: 'test',
      SMTP_URL: 'smtp://127.0.0.1:1',
      DATA_DIR: directory.path,
      TODO_API_URL: world.api.url,
      FUSIONAUTH_URL: world.sandbox.url,
      REFRESH_TOKEN_FILE: file,
      ...handOver!.settings,
    };
    const preview = async (more: object) => {
      const variables = { ...environment, ...more };
      const config = parseConfig(schemaFor(variables), variables);
      const template = await databaseTemplate('reminder');
      const reminder = await createReminder(config, { log: silentLog, clock: () => present, template });
      return reminder.preview().finally(() => reminder.close());
    };
    try {
      await expect(preview({})).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringMatching(
          /CLIENT_SECRET, which a session approved by the device grant needs/,
        ) as string,
      });
      const { mails } = await preview({ CLIENT_SECRET: world.sandbox.secrets['FUSIONAUTH_CLIENT_SECRET'] });
      expect(mails).toMatchObject([{ recipient: 'bruno@example.com', todos: [{ title: 'Buy oat milk' }] }]);
    } finally {
      await directory.remove();
    }
  });
});

describe('npm run credentials -- issue --device', () => {
  /** Runs it as its own process, with real waits. */
  function started(client: string, out: string) {
    const main = join(import.meta.dirname, '../../../../apps/dev-center/src/credentials.main.ts');
    const { sandbox, env } = world;
    const secrets = ['FUSIONAUTH_MANAGER_KEY', 'FUSIONAUTH_CLIENT_SECRET'];
    const args = ['issue', '--client', client, '--strategy', 'jwt', '--device', '--out', out];
    const command = startTypeScript(main, args, {
      ...Object.fromEntries(secrets.map((name) => [name, sandbox.secrets[name]])),
      FUSIONAUTH_URL: sandbox.url,
      DATA_DIR: env['DATA_DIR'],
      DATABASE_URL: env['DATABASE_URL'],
    });
    let said = '';
    command.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const written = text(command.stdout!);
    const asked = async () => {
      while (!said.includes('Ctrl-C stops') && command.exitCode === null) await delay(20);
      return said;
    };
    return { command, asked, written };
  }

  it('writes the refresh token to a file of mode 0600, and what to set to standard output', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'token');
    const { command, asked, written } = started('by-hand', file);
    const exit = once(command, 'close');
    try {
      const address = /^ {4}(http\S+)$/m.exec(await asked())?.[1] ?? '';
      await approve(address, world.person('ada'));
      expect(await exit).toEqual([0, null]);
      const token = (await readFile(file, 'utf8')).trim();
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const settings = await written;
      expect(settings).toContain('CREDENTIAL_SOURCE=jwt');
      expect(settings).toContain(`REFRESH_TOKEN_FILE=${file}`);
      expect(`${settings}${await asked()}`).not.toContain(token);
      const holder = new Holder(token);
      expect(await status((await holder.refresh()).access_token)).toBe(200);
    } finally {
      command.kill('SIGKILL');
      await directory.remove();
    }
  }, 60_000);

  it('shows address and code, takes Ctrl-C with 130, and leaves no row behind', async () => {
    const { command, asked, written } = started('interrupted', '/nowhere/token');
    try {
      expect(await asked()).toContain(`Open ${world.url}/device and type this code, within 5 minutes:`);
      command.kill('SIGINT');
      expect(await once(command, 'close')).toEqual([130, null]);
    } finally {
      command.kill('SIGKILL');
    }
    expect(await written).toBe('');
    expect(await actionsOn('interrupted')).toEqual([]);
  });
});

describe('a device session from another process', () => {
  it('is approved by what the caller shows, and stops asking FusionAuth once the caller has gone', async () => {
    const leaving = new AbortController();
    const noticed = Promise.withResolvers<void>();
    let stays = false;
    const pause = async (_milliseconds: number, signal?: AbortSignal) => {
      if (stays) return delay(50);
      signal?.addEventListener('abort', () => noticed.resolve());
      leaving.abort();
      await noticed.promise;
      signal?.throwIfAborted();
    };
    const args = { client: 'remote', strategy: 'jwt', device: true };
    const context = { ...world.center, pause };
    const server = await startRpcServer({ host: '127.0.0.1', port: 0, context, commands });
    try {
      const left = fetch(`${server.address.url}/commands/issue`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.address.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ actor: 'somebody', args }),
        signal: leaving.signal,
      }).then((answer) => answer.text());
      await expect(left).rejects.toThrow();
      await noticed.promise;
      expect(await actionsOn('remote')).toEqual([]);
      stays = true;
      const shown: ApprovalRequest[] = [];
      const handOvers: unknown[] = [];
      const io = {
        actor: 'somebody',
        report: () => undefined,
        deliver: (one: unknown) => Promise.resolve(void handOvers.push(one)),
        showApproval(request: ApprovalRequest) {
          shown.push(request);
          void approve(request.verificationUriComplete!, world.person('ada'));
        },
      };
      expect(await runRemotely(server.address, 'issue', args, io)).toMatchObject({ client: 'remote' });
      expect([shown.length, handOvers.length]).toEqual([1, 1]);
    } finally {
      await server.close();
    }
    expect(await actionsOn('remote')).toEqual(['add-client', 'plan', 'issue']);
  });
});
