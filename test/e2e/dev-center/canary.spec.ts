import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseConfig } from '#gatehouse/platform';
import { postgresRevocations } from '#gatehouse/revocations';
import { credentialFaces } from '../../../apps/dev-center/src/cli/faces.js';
import type { CommandIO } from '../../../apps/dev-center/src/commands/command.js';
import { commands } from '../../../apps/dev-center/src/commands/index.js';
import { devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { type CommandContext, createContext } from '../../../apps/dev-center/src/context.js';
import { arrivalsOf } from '../../../apps/dev-center/src/doctor/arrivals.js';
import { canaryAddress } from '../../../apps/dev-center/src/doctor/canary.js';
import { todoApiSchema } from '../../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../../apps/todo-api/src/start-todo-api.js';
import type { Sandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { databaseTemplate, silentLog } from '../../support/embedded-database.js';
import { call, configureTenant, startedSandbox } from '../sandbox/started-sandbox.js';

const webhookKey = '/api/key/9b1d6c3e-2f47-4a80-b5e9-7c0d3f6a1e28';
const events = [
  ...[
    'user.registration.update',
    'jwt.refresh-token.revoke',
    'user.action',
    'user.deactivate',
    'user.delete',
  ],
];

/** FusionAuth, a Todo API that hears its events, and a Dev Center on the database of that. */
let sandbox: Sandbox;
let api: TodoApi;
let center: CommandContext;
let stop: () => Promise<void>;
beforeAll(async () => {
  const started = await startedSandbox({ log: silentLog });
  ({ sandbox, stop } = started);
  const { key } = (await call(sandbox, 'GET', webhookKey)).body as { key: { kid: string } };
  const WEBHOOK_KEY_ID = key.kid;
  const { FUSIONAUTH_API_KEY, FUSIONAUTH_MANAGER_KEY, FUSIONAUTH_BOOTSTRAP_KEY } = sandbox.secrets;
  const shared = {
    ...{ FUSIONAUTH_URL: sandbox.url, WEBHOOK_KEY_ID },
    ...{ AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local', DATA_DIR: started.dataDir, PORT: '0' },
  };
  // Without an API key that would let it catch up on a lost event from FusionAuth's log.
  const pushed = { ...shared, REVOCATION: 'push', FUSIONAUTH_DEADLINE_MS: '5000' };
  const template = await databaseTemplate('todo');
  api = await startTodoApi(parseConfig(todoApiSchema, pushed), { log: silentLog, template });
  const keys = { FUSIONAUTH_API_KEY, FUSIONAUTH_MANAGER_KEY, FUSIONAUTH_BOOTSTRAP_KEY };
  const WEBHOOK_URL = `${api.url}/webhooks/fusionauth`;
  const config = parseConfig(devCenterSchema, { ...shared, ...keys, WEBHOOK_URL });
  center = createContext(config, { database: api.database, log: silentLog });
  await commands.provision.execute({}, center, io);
});
afterAll(async () => {
  await center.close();
  await api.close();
  await stop();
});
afterEach(() => {
  sandbox.webhooks.clear();
  sandbox.faults.clear();
});

const io: CommandIO = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
const doctor = (context = center, more: Partial<CommandIO> = {}) =>
  commands.doctor.execute({ canary: true }, context, { ...io, ...more });
const isLeft = async () => (await center.control().people.byEmail(canaryAddress)) !== undefined;
const failed = (checks: readonly { name: string; ok?: boolean }[]) =>
  checks.filter(({ ok }) => ok === false).map(({ name }) => name);

describe('the doctor’s canary', () => {
  it('reports for each event after how many milliseconds its revocation arrived, and leaves no user behind', async () => {
    const result = await doctor();
    expect(result.canary).toEqual(
      events.map((name) => ({
        name,
        ok: true,
        text: expect.stringMatching(/^arrived after \d+ ms$/) as string,
      })),
    );
    expect([result.ok, result.setUp.find(({ name }) => name === 'webhooks')?.ok, await isLeft()]).toEqual([
      true,
      true,
      false,
    ]);
    expect(credentialFaces['doctor']?.show(result)).toMatch(
      /The canary\n✓ user\.registration\.update: arrived/,
    );
  });

  it('runs only with --canary', async () => {
    sandbox.requests.clear();
    const { canary, setUp } = await commands.doctor.execute({}, center, io);
    // Making users is among what the set-up check asks of the key, in a call that makes none.
    const sent = ['POST /oauth2/authorize', 'POST /api/user/action'].map((one) =>
      sandbox.requests.count(one),
    );
    expect([canary, sent]).toEqual([[], [0, 0]]);
    expect(setUp.find(({ name }) => name === 'webhooks')?.text).toContain('not tried: use "doctor --canary"');
  });

  it('names the event that did not arrive, and what to check', async () => {
    sandbox.webhooks.disturb({ lose: true, times: 1 });
    const { ok, canary } = await doctor();
    expect([ok, failed(canary), canary.at(-1)]).toEqual([
      false,
      [events[0]],
      {
        name: 'what to check',
        text: expect.stringMatching(/three settings.*WEBHOOK_URL.*REVOCATION=push/) as string,
      },
    ]);
    expect(canary[0]?.text).toBe('did not arrive within 5 s');
  });

  it('reports that FusionAuth refused the change because a receiver must succeed first', async () => {
    const typed = (transactionType: string) =>
      configureTenant(sandbox, {
        eventConfiguration: { events: { 'user.registration.update': { enabled: true, transactionType } } },
      });
    await typed('AbsoluteMajority');
    sandbox.webhooks.disturb({ lose: true, times: 1 });
    const { canary } = await doctor();
    await typed('None');
    expect([failed(canary), canary[0]?.text]).toEqual([
      [events[0]],
      expect.stringMatching(/refused it \(504\).*stricter than None/),
    ]);
  });

  it('skips an event that its key may not cause, and does not fail', async () => {
    const config = { ...center.config, FUSIONAUTH_BOOTSTRAP_KEY: undefined };
    const { ok, canary } = await doctor({ ...center, config });
    expect([ok, canary.filter((one) => one.ok === undefined)]).toEqual([
      true,
      [
        {
          name: 'user.action',
          text: 'not tried: FUSIONAUTH_MANAGER_KEY does not permit POST /api/user/action',
        },
      ],
    ]);
  });

  it('removes its user even if the log-in fails and the first deletions are refused', async () => {
    sandbox.faults.set('POST /oauth2/token', { status: 500 });
    const report = (text: string) => {
      if (text.endsWith('user.deactivate')) sandbox.faults.set('DELETE /api/user', { status: 500, times: 2 });
    };
    const { canary } = await doctor(center, { report });
    expect([failed(canary), await isLeft()]).toEqual([
      ['jwt.refresh-token.revoke', 'user.deactivate', 'user.delete'],
      false,
    ]);
  });

  it('removes its user if a signal ends the process', async () => {
    let close = () => Promise.resolve<unknown>(undefined);
    let interrupted: Promise<unknown> | undefined;
    const running = doctor(center, {
      beforeExit: (_name, one) => (close = one),
      report: (text) => {
        if (text.endsWith('user.action')) interrupted = close();
      },
    });
    await expect(running).rejects.toThrow('aborted');
    await interrupted;
    expect(await isLeft()).toBe(false);
  });

  it('does not run twice at the same time, and its user cannot log in after ten minutes', async () => {
    const started = Promise.withResolvers<unknown>();
    const report = () => started.resolve(center.control().people.byEmail(canaryAddress));
    const first = doctor(center, { report });
    expect(await started.promise).toMatchObject({ expiresAt: expect.any(Number) as number });
    await expect(doctor()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('the canary') as string,
    });
    expect((await first).ok).toBe(true);
  });

  it('deletes the user that a killed canary left behind', async () => {
    const id = randomUUID();
    const left = { id, email: canaryAddress, password: randomUUID(), fullName: 'Canary', roles: [] };
    await center.control().users.make(left);
    await center.control().users.deactivate(id);
    expect([failed((await doctor()).canary), await center.control().users.read(id)]).toEqual([[], undefined]);
  });

  it('reports a user that it could not remove', async () => {
    const reports: string[] = [];
    const report = (text: string) => {
      reports.push(text);
      if (text.endsWith('user.delete')) sandbox.faults.set('DELETE /api/user', { status: 500 });
    };
    await doctor(center, { report });
    expect([reports.at(-1), await isLeft()]).toEqual([
      `the user ${canaryAddress} could not be removed: the next "doctor --canary" removes it`,
      true,
    ]);
  });
});

describe('an arrival', () => {
  const within = (ms: number) => AbortSignal.timeout(ms);
  it('counts only if FusionAuth dates it after its cause', async () => {
    const userId = randomUUID();
    const key = `user:${userId}`;
    const { database } = center;
    const { memory } = postgresRevocations({
      database,
      url: undefined,
      listenUrl: undefined,
      log: silentLog,
    });
    const arrivals = await arrivalsOf(center, userId);
    const record = (revokedBefore: number) =>
      memory.record([{ key, revokedBefore, keepUntil: Date.now() + 60_000 }]);
    const expected = await arrivals.expect(key);
    await record(Date.now() - 2_000);
    await expect(expected.arrival(within(200))).rejects.toThrow();
    await record(Date.now());
    expect(await expected.arrival(within(30_000))).toBeGreaterThanOrEqual(0);
    await delay(1);
    // What arrived before does not count a second time.
    await expect((await arrivals.expect(key)).arrival(within(200))).rejects.toThrow();
  });
});
