import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { type Sandbox, startSandbox } from '../../tools/sandbox/src/start-sandbox.js';
import { describeWhere } from '../support/describe-where.js';
import { silentLog, temporaryDirectory } from '../support/embedded-database.js';
import { freePort } from '../support/free-port.js';
import { buildImage, type Contained, type Image, nodeUser, refusal } from './image-root.js';

/** The time limit of a test, in milliseconds: an app initializes an embedded database at its first start. */
const patience = 180_000;

const { services } = parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }) as {
  services: Record<string, { command: string[]; healthcheck: { test: string[] } }>;
};

describeWhere(refusal())('the image, run as a container is', () => {
  let image: Image;
  let sandbox: Sandbox;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let usual: Record<string, string>;
  let port: string;
  const running = new Set<Contained>();

  beforeAll(async () => {
    image = buildImage();
    directory = await temporaryDirectory();
    sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: directory.path, log: silentLog });
  }, 300_000);
  beforeEach(async () => {
    port = String(await freePort());
    usual = { ...settings(sandbox), PORT: port, METRICS_PORT: String(await freePort()) };
  });
  afterEach(async () => {
    for (const one of running) await stop(one, 'SIGKILL');
    running.clear();
  });
  afterAll(async () => {
    await sandbox.close();
    await directory.remove();
    image.remove();
  });

  function start(command: readonly string[], variables: Record<string, string>, data = image.dataFolder()) {
    const started = image.run([...image.entrypoint, ...command], variables, data);
    running.add(started);
    return started;
  }

  /** Runs a check as the container engine does, beside the app, until it passes. */
  async function untilHealthy(app: Contained, check: readonly string[]): Promise<void> {
    let ended: number | null | undefined;
    void app.exit.then((code) => (ended = code));
    for (;;) {
      const checked = image.run(check, { PORT: port }, image.dataFolder());
      if ((await checked.exit) === 0) return;
      if (ended !== undefined) throw new Error(`ended with ${ended}: ${app.output()}`);
      await delay(500);
    }
  }

  /** Returns the health check of a service of compose.yaml, on the port of this test. */
  const checkOf = (service: string) =>
    services[service]!.healthcheck.test.slice(1).map((word) =>
      word.replace(/:3003\//, `:${port}/`).replace(/:9003\//, `:${usual['METRICS_PORT']}/`),
    );

  it(
    'is healthy, explains its error codes, keeps its data in /data and writes nowhere else',
    async () => {
      const data = image.dataFolder();
      // Each app has its own address; the one in the shared settings is the Dev Center's.
      const api = start(image.command, { ...usual, PUBLIC_URL: `http://127.0.0.1:${port}` }, data);
      expect((await runToEnd(['touch', '/app/here', '/here'])).code).toBe(1);
      expect((await runToEnd(['id', '-u'])).text.trim()).toBe(String(nodeUser));
      await untilHealthy(api, image.healthcheck);
      const refusal = await fetch(`http://127.0.0.1:${port}/todos`);
      const { type, code } = (await refusal.json()) as { type: string; code: string };
      const page = await fetch(new URL(type, `http://127.0.0.1:${port}`));
      expect([refusal.status, page.status, await page.text()]).toEqual([
        401,
        200,
        expect.stringContaining(`# \`${code}\``),
      ]);
      await stop(api, 'SIGTERM', 143);
      expect(existsSync(join(data, 'todo', 'PG_VERSION'))).toBe(true);
    },
    patience,
  );

  it(
    'is unhealthy where nothing answers',
    async () => {
      const { code, text } = await runToEnd(image.healthcheck);
      expect([code, text]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
    },
    patience,
  );

  it.each([0.3, 0.6, 0.9])(
    'stops when asked to %d of the way to its first line',
    async (part) => {
      const measured = start(image.command, usual);
      let whole = 0;
      for (; measured.output() === ''; await delay(1)) whole = await measured.bytesRead();
      await stop(measured, 'SIGKILL');

      const api = start(image.command, usual);
      while ((await api.bytesRead()) < whole * part) await delay(1);
      expect(api.output()).toBe('');
      await stop(api, 'SIGTERM', 143);
    },
    patience,
  );

  it(
    'serves the page where people unsubscribe',
    async () => {
      const page = start(services['unsubscribe']!.command, usual);
      await untilHealthy(page, checkOf('unsubscribe'));
      await stop(page, 'SIGTERM', 143);
    },
    patience,
  );

  it(
    'watches the schedule of the Reminder App',
    async () => {
      const worker = start(services['reminder']!.command, usual);
      await untilHealthy(worker, checkOf('reminder'));
      await stop(worker, 'SIGTERM', 143);
    },
    patience,
  );

  it(
    'runs the Reminder App once',
    async () => {
      const once = start(['dist/apps/reminder-app/src/main.js', 'once'], usual);
      expect([await once.exit, once.output()]).toEqual([4, expect.stringContaining('Todo API')]);
    },
    patience,
  );

  it(
    'runs the Dev Center, and the command that sets FusionAuth up',
    async () => {
      const manager = { FUSIONAUTH_MANAGER_KEY: sandbox.secrets['FUSIONAUTH_MANAGER_KEY']! };
      const center = start(['dist/apps/dev-center/src/main.js'], { ...usual, ...manager });
      await untilHealthy(center, ['node', 'deploy/image/healthy.mjs', `http://127.0.0.1:${port}/livez`]);
      await stop(center, 'SIGTERM', 143);
      const provision = start(['dist/apps/dev-center/src/provision.main.js', '--dry-run'], {
        ...usual,
        ...manager,
      });
      expect([await provision.exit, provision.output()]).toEqual([
        0,
        expect.stringContaining('Nothing to change.'),
      ]);
    },
    patience,
  );

  it(
    'names what is missing when it is run without settings',
    async () => {
      const api = start(image.command, {});
      expect([await api.exit, api.output()]).toEqual([
        78,
        expect.stringContaining('FUSIONAUTH_URL: is required'),
      ]);
    },
    patience,
  );

  async function runToEnd(words: readonly string[]): Promise<{ code: number | null; text: string }> {
    const program = image.run(words, { PORT: port }, image.dataFolder());
    return { code: await program.exit, text: program.output() };
  }
});

async function stop(app: Contained, signal: NodeJS.Signals, code?: number): Promise<void> {
  await app.kill(signal).catch(() => undefined);
  const ended = await Promise.race([app.exit, delay(20_000, 'still running', { ref: false })]);
  if (code !== undefined) expect([ended, app.output()]).toEqual([code, expect.anything()]);
}

/** Returns the settings that compose.yaml gives all apps, with embedded databases and loopback addresses. */
const settings = (sandbox: Sandbox): Record<string, string> => ({
  HOST: '127.0.0.1',
  FUSIONAUTH_URL: sandbox.url,
  FUSIONAUTH_TENANT_ID: '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01',
  FUSIONAUTH_APPLICATION_ID: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
  FUSIONAUTH_PROBE_GROUP_ID: 'c3e2d1f0-9b8a-4766-8554-433221100ffe',
  FUSIONAUTH_ENTITY_ID: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
  FUSIONAUTH_API_KEY: sandbox.secrets['FUSIONAUTH_API_KEY']!,
  FUSIONAUTH_CLIENT_SECRET: sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!,
  PRINCIPAL_KEY: 'principal-key-of-this-test-and-no-other',
  PUBLIC_URL: 'http://127.0.0.1:3001',
  TODO_API_URL: 'http://127.0.0.1:9',
  CREDENTIAL_SOURCE: 'api-key',
  API_KEY: 'a-key',
  SMTP_URL: 'folder:/data/mails',
  MAIL_FROM: 'reminders@gatehouse.example',
  UNSUBSCRIBE_URL: 'http://127.0.0.1:3003',
  UNSUBSCRIBE_KEY: 'unsubscribe-key-of-this-test-and-no-other',
});
