import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { createLogger } from '#gatehouse/platform';
import {
  kickstartProblems,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../../tools/sandbox/src/start-sandbox.js';
import {
  adaId,
  api,
  call,
  lock,
  logIn,
  postForm,
  postLogIn,
  refresh,
  startedSandbox,
} from './started-sandbox.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-kickstart-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const file = (name: string) => join(dataDir, 'sandbox', name);

/** Runs `use` against a sandbox on the same directory as the one before, and closes it. */
async function running<Result>(
  use: (sandbox: Sandbox) => Promise<Result>,
  options: Partial<SandboxOptions> = {},
): Promise<Result> {
  const { sandbox } = await startedSandbox({ dataDir, ...options });
  try {
    return await use(sandbox);
  } finally {
    await sandbox.close();
  }
}

const recorded = () => {
  const lines: string[] = [];
  return { lines, log: createLogger('sandbox', 'debug', { write: (line) => void lines.push(line) }) };
};

describe('the kickstart file', () => {
  it('contains no secret: each is generated into a file that only its owner can read', async () => {
    const secrets = await running((sandbox) => Promise.resolve(sandbox.secrets));
    expect(Object.keys(secrets).sort()).toEqual([
      'ADA_PASSWORD',
      'ANALYTICS_PASSWORD',
      'BRUNO_PASSWORD',
      'CALENDAR_SYNCER_PASSWORD',
      'CHIYO_PASSWORD',
      'FUSIONAUTH_API_KEY',
      'FUSIONAUTH_BOOTSTRAP_KEY',
      'FUSIONAUTH_CLIENT_SECRET',
      'FUSIONAUTH_MANAGER_KEY',
      'GRACE_PASSWORD',
      'REMINDER_API_KEY',
      'REMINDER_AUTHENTICATION_TOKEN',
      'REMINDER_ENTITY_SECRET',
      'REMINDER_PASSWORD',
    ]);
    expect(new Set(Object.values(secrets)).size).toBe(14);
    for (const value of Object.values(secrets)) expect(value).toMatch(/^[\w-]{43}$/);
    for (const name of ['secrets.env', 'state.json']) expect(statSync(file(name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'sandbox')).mode & 0o777).toBe(0o700);
    expect(readFileSync(file('secrets.env'), 'utf8')).toContain(`ADA_PASSWORD=${secrets['ADA_PASSWORD']}\n`);
  });

  it('is applied in the directory of one sandbox: a second one is refused with 75 and the holder’s process id', async () => {
    const holder = `is in use by process ${process.pid}: stop that process, or choose another DATA_DIR.`;
    await running(async () => {
      await expect(running(() => Promise.resolve())).rejects.toMatchObject({
        exitCode: 75,
        message: expect.stringContaining(holder) as string,
      });
    });
    await running(() => Promise.resolve());
  });

  it('reads secrets from the environment, or from the file that NAME_FILE names', async () => {
    writeFileSync(join(dataDir, 'key.txt'), 'a-key-from-a-file\n');
    const environment = {
      ADA_PASSWORD: 'password of ada',
      FUSIONAUTH_API_KEY_FILE: join(dataDir, 'key.txt'),
    };
    await running(
      async (sandbox) => {
        expect(sandbox.secrets).toMatchObject({
          ADA_PASSWORD: 'password of ada',
          FUSIONAUTH_API_KEY: 'a-key-from-a-file',
        });
        expect((await postLogIn(sandbox, { password: 'password of ada' })).status).toBe(302);
      },
      { environment },
    );
  });

  it.each([
    ['is missing', undefined, 'ADA_PASSWORD_FILE: cannot be read (ENOENT)'],
    ['is empty', '\n', 'ADA_PASSWORD_FILE: the file is empty'],
  ])('stops the start and its check with 78 if such a file %s', async (_case, text, problem) => {
    const secretFile = join(dataDir, 'password.txt');
    if (text !== undefined) writeFileSync(secretFile, text);
    const environment = { ADA_PASSWORD_FILE: secretFile };
    expect(await kickstartProblems(environment)).toEqual([problem]);
    await expect(startedSandbox({ dataDir, environment })).rejects.toMatchObject({
      exitCode: 78,
      message: problem,
    });
  });

  it('leaves no secret in the log', async () => {
    const { lines, log } = recorded();
    const tokens = await running((sandbox) => logIn(sandbox), { log });
    const secrets = readFileSync(file('secrets.env'), 'utf8').match(/(?<==).+$/gm)!;
    expect(lines.length).toBeGreaterThan(3);
    for (const secret of [...secrets, tokens.access_token, tokens.refresh_token!])
      expect(lines.join('')).not.toContain(secret);
  });

  it.each([
    ['that is missing', undefined, /cannot be read: set KICKSTART_FILE/],
    ['that is not JSON', '{', /is not usable/],
    ['without API keys', '{"apiKeys":[],"requests":[]}', /is not usable: .*apiKeys/s],
    ['with an unknown variable', '{"apiKeys":[{"key":"#{key}"}],"requests":[]}', /#\{key\} is not defined/],
    [
      'with a request that is refused',
      '{"apiKeys":[{"key":"k"}],"requests":[{"method":"POST","url":"/api/group","body":{"group":{}}}]}',
      /request 1 of 1, POST \/api\/group, was refused with 400: group\.name \(\[blank\]group\.name\): /,
    ],
    [
      'with a request the sandbox cannot do',
      '{"apiKeys":[{"key":"k"}],"requests":[{"method":"POST","url":"/api/reactor","body":{}}]}',
      /was refused with 501: .*POST \/api\/reactor/,
    ],
  ])('%s stops the start with 78 and a sentence', async (_case, text, message) => {
    const kickstartFile = join(dataDir, 'kickstart.json');
    if (text !== undefined) writeFileSync(kickstartFile, text);
    await expect(startedSandbox({ dataDir, kickstartFile })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(message),
    });
    expect(existsSync(file('state.json'))).toBe(false);
  });
});

describe('an API key of the kickstart file', () => {
  it('may expire, be bound to a tenant and be not retrievable, like any other', async () => {
    const kickstartFile = join(dataDir, 'kickstart.json');
    const tenantId = '11111111-2222-4333-8444-555555555555';
    const bound = { key: 'bound', tenantId, permissions: { endpoints: { '/api/user': ['GET'] } } };
    const apiKeys = [
      { key: 'first' },
      { ...bound, name: 'Hidden', retrievable: false },
      { key: 'over', expirationInstant: 1 },
    ];
    const variables = { defaultTenantId: tenantId };
    writeFileSync(kickstartFile, JSON.stringify({ variables, apiKeys, requests: [] }));
    await running(
      async (sandbox) => {
        const statusOf = async (path: string, authorization: string) =>
          (await call(sandbox, 'GET', path, undefined, { authorization })).status;
        const user = `/api/user/${adaId}`;
        expect(await Promise.all(['first', 'bound', 'over'].map((key) => statusOf(user, key)))).toEqual([
          404, 404, 401,
        ]);
        expect(await statusOf(`/api/group/${adaId}`, 'bound')).toBe(401);
      },
      { kickstartFile },
    );
    const { state } = JSON.parse(readFileSync(file('state.json'), 'utf8')) as {
      state: { apiKeys: { key: string; retrievable: boolean }[] };
    };
    expect(state.apiKeys.map(({ retrievable }) => retrievable)).toEqual([true, false, true]);
  });
});

describe('the instance that the kickstart file sets up', () => {
  let sandbox: Sandbox;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ sandbox, stop } = await startedSandbox());
  });
  afterAll(() => stop());

  it.each([
    ['ada@example.com', 'ADA_PASSWORD', ['todo-reader', 'todo-writer'], 'Europe/London'],
    ['bruno@example.com', 'BRUNO_PASSWORD', ['todo-reader', 'todo-writer'], 'America/New_York'],
    ['chiyo@example.com', 'CHIYO_PASSWORD', ['todo-reader', 'todo-writer'], 'Asia/Tokyo'],
    ['reminder@clients.example.com', 'REMINDER_PASSWORD', ['todo-auditor'], undefined],
    [
      'calendar-syncer@clients.example.com',
      'CALENDAR_SYNCER_PASSWORD',
      ['todo-reader', 'todo-writer'],
      undefined,
    ],
    ['analytics@clients.example.com', 'ANALYTICS_PASSWORD', ['todo-reader', 'todo-auditor'], undefined],
  ])('lets %s log in with the right roles and time zone', async (loginId, name, roles, zoneinfo) => {
    const { access_token } = await logIn(sandbox, { loginId, password: sandbox.secrets[name] });
    const claims = decodeJwt(access_token);
    expect(claims).toMatchObject({ email: loginId, email_verified: true, roles });
    expect(claims['zoneinfo']).toBe(zoneinfo);
  });
});

describe('a restart', () => {
  it('keeps users, keys and sessions', async () => {
    const before = await running((sandbox) => logIn(sandbox));
    await running(async (sandbox) => {
      expect(await refresh(sandbox, before.refresh_token!)).toMatchObject({ status: 200 });
      const again = await logIn(sandbox);
      expect(again.access_token.split('.')[0]).toBe(before.access_token.split('.')[0]);
    });
  });

  it('keeps locks, entities and their grants', async () => {
    await running((sandbox) => lock(sandbox, adaId));
    await running(async (sandbox) => {
      expect((await postLogIn(sandbox)).status).toBe(200);
      const token = await postForm(sandbox, '/oauth2/token', {
        grant_type: 'client_credentials',
        client_id: '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44',
        client_secret: sandbox.secrets['REMINDER_ENTITY_SECRET'],
        scope: 'target-entity:0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
      });
      expect(token.status).toBe(200);
    });
  });

  it('accepts the state of a version without entities and user actions', async () => {
    await running(() => Promise.resolve());
    const stored = JSON.parse(readFileSync(file('state.json'), 'utf8')) as { state: Record<string, unknown> };
    const unknown = ['userActions', 'userActionLogs', 'entityTypes', 'entities', 'entityGrants'];
    stored.state = Object.fromEntries(
      Object.entries(stored.state).filter(([name]) => !unknown.includes(name)),
    );
    writeFileSync(file('state.json'), JSON.stringify(stored));
    await running(async (sandbox) => {
      expect((await api(sandbox, 'GET', `/api/user/action?userId=${adaId}`)).status).toBe(200);
      await logIn(sandbox);
    });
  });

  it('keeps a rotated refresh token even when the process dies right after the answer', async () => {
    const { sandbox, stop } = await startedSandbox({ dataDir });
    const { refresh_token } = await logIn(sandbox);
    const rotated = (await refresh(sandbox, refresh_token!)).body.refresh_token!;
    const state = readFileSync(file('state.json'), 'utf8');
    await stop();
    expect(state).toContain(rotated);
  });

  it('keeps a key that a control has rotated even when the process dies within a second', async () => {
    const { sandbox, stop } = await startedSandbox({ dataDir });
    const { kid } = await sandbox.rotateKey();
    await setTimeout(500);
    const state = readFileSync(file('state.json'), 'utf8');
    await stop();
    expect(state).toContain(kid);
  });

  it('does not apply the kickstart file again, and warns if the file or the secrets have changed', async () => {
    const kickstartFile = join(dataDir, 'kickstart.json');
    const kickstart = { apiKeys: [{ key: '#{ENV.KEY}' }], requests: [] };
    writeFileSync(kickstartFile, JSON.stringify(kickstart));
    await running(() => Promise.resolve(), { kickstartFile, environment: { KEY: 'first' } });
    writeFileSync(kickstartFile, JSON.stringify({ ...kickstart, variables: { more: 'x' } }));
    const { lines, log } = recorded();
    const secrets = await running((sandbox) => Promise.resolve(sandbox.secrets), {
      kickstartFile,
      environment: { KEY: 'second' },
      log,
    });
    expect(secrets).toEqual({ KEY: 'first' });
    expect(lines.join('')).toContain('the kickstart file has changed since this instance was set up');
    expect(lines.join('')).toContain('uses the secrets it was set up with');
    expect(lines.join('')).not.toContain('second');
  });

  it('refuses a damaged state instead of starting empty', async () => {
    await running(() => Promise.resolve());
    // cspell:ignore sta
    writeFileSync(file('state.json'), '{"format":1,"sta');
    await expect(startedSandbox({ dataDir })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('Delete its directory to start again.'),
    });
  });
});

describe('the sandbox', () => {
  const attempt = (options: Partial<SandboxOptions>) =>
    startSandbox({ port: 0, host: '127.0.0.1', dataDir, log: createLogger('sandbox', 'silent'), ...options });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.0.0.1.example.com'])(
    'refuses to listen on %s, where others could reach it',
    async (host) => {
      await expect(attempt({ host })).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringContaining('HOST'),
      });
    },
  );

  it('refuses production', async () => {
    await expect(attempt({ environment: { NODE_ENV: 'production' } })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('NODE_ENV'),
    });
  });

  it('names a port in use', async () => {
    await running(async (sandbox) => {
      const port = Number(new URL(sandbox.url).port);
      const other = mkdtempSync(join(tmpdir(), 'gatehouse-kickstart-'));
      await expect(attempt({ port, dataDir: other })).rejects.toMatchObject({
        exitCode: 4,
        message: expect.stringContaining(`Port ${port} is in use`),
      });
      rmSync(other, { recursive: true });
    });
  });

  it('uses the given clock', async () => {
    const clock = () => Date.UTC(2031, 4, 1);
    const { access_token } = await running((sandbox) => logIn(sandbox), { clock });
    expect(decodeJwt(access_token).iat).toBe(Date.UTC(2031, 4, 1) / 1000);
  });

  it('drops hanging connections when it closes', async () => {
    const hanging = await running(async (sandbox) => {
      sandbox.faults.set('GET /api/health', { answer: 'hang' });
      const call = fetch(`${sandbox.url}/api/health`).catch((error: unknown) => (error as Error).message);
      while (sandbox.requests.count('GET /api/health') === 0) await api(sandbox, 'GET', '/api/status');
      return { call };
    });
    expect(await hanging.call).toBe('fetch failed');
  });
});
