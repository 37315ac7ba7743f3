import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { freePort } from '../support/free-port.js';
import { startTypeScript } from '../support/typescript-process.js';
import { preparedData } from './start/prepared-data.js';

const root = join(import.meta.dirname, '../..');

interface App {
  readonly args?: string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The file that starts what the app is. */
  readonly starts: string;
  /** The requests to the running app: path and expected status, also for pages of tools. */
  readonly asked?: readonly (readonly [method: string, path: string, status: number])[];
}

const nobody = 'http://127.0.0.1:1';
const apps: Readonly<Record<string, App>> = {
  'todo-api': {
    starts: 'start-todo-api.ts',
    asked: [
      ['GET', '/todos', 401],
      ['GET', '/nowhere', 404],
    ],
  },
  'forward-auth': { starts: 'start-forward-auth.ts', asked: [['GET', '/livez', 200]] },
  'reminder-app': {
    args: ['serve'],
    env: {
      ...{ TODO_API_URL: nobody, CREDENTIAL_SOURCE: 'api-key', API_KEY: 'of-nobody' },
      ...{ UNSUBSCRIBE_URL: nobody, UNSUBSCRIBE_KEY: 'k'.repeat(32) },
    },
    starts: 'commands/serve.command.ts',
  },
  'dev-center': {
    env: { FUSIONAUTH_MANAGER_KEY: 'of-nobody', TODO_API_URL: nobody },
    starts: 'portal/portal.ts',
    asked: [
      ['GET', '/', 200],
      ['GET', '/comparison', 404],
      ['GET', '/start/start.js', 404],
      ['GET', '/start/start.css', 404],
      ['GET', '/start/live', 404],
      ['POST', '/start/strategy', 404],
      ['POST', '/start/todo', 404],
    ],
  },
};

/** The files of this repository that a process has loaded, by what V8 wrote into `directory` when it ended. */
function loadedFiles(directory: string): string[] {
  const own = pathToFileURL(`${root}/`).href;
  const urls = readdirSync(directory).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(directory, name), 'utf8')) as {
      readonly result: readonly { readonly url: string }[];
    };
    return result.map(({ url }) => url);
  });
  const files = urls.filter((url) => url.startsWith(own) && !url.includes('/node_modules/'));
  return [...new Set(files.map((url) => url.slice(own.length)))];
}

describe('an app started alone', () => {
  let data: Awaited<ReturnType<typeof preparedData>>;
  beforeEach(async () => (data = await preparedData()));
  afterEach(() => data.remove());

  /** Runs the app until all is asked. Resolves with the answers, the home page and the files that it loaded. */
  async function run(name: string, { args = [], env = {}, asked = [] }: App) {
    const [coverage, port] = [join(data.path, 'loaded'), String(await freePort())];
    const url = `http://127.0.0.1:${port}`;
    const child = startTypeScript(join(root, 'apps', name, 'src/main.ts'), args, {
      ...{ NODE_V8_COVERAGE: coverage, DATA_DIR: data.path, PORT: port, METRICS_PORT: '0' },
      ...{ FUSIONAUTH_URL: nobody, PUBLIC_URL: url, LOG_LEVEL: 'info', ...env },
    });
    const ended = once(child, 'close');
    let output = '';
    child.stderr!.on('data', (part: Buffer) => (output += part.toString()));
    const listens = new Promise<void>((resolve) => {
      createInterface(child.stdout!).on('line', (line) => {
        output += line;
        if (/"msg":"(listening|the Dev Center listens)"/.test(line)) resolve();
      });
    });
    const early = ended.then(() => Promise.reject(new Error(`ended early: ${output}`)));
    await Promise.race([listens, early]);
    early.catch(() => undefined);
    const statuses: number[] = [];
    for (const [method, path] of asked) statuses.push((await fetch(url + path, { method })).status);
    const home = asked.length > 0 ? await (await fetch(`${url}/`)).text() : '';
    child.kill('SIGTERM');
    await ended;
    return { statuses, home, loaded: loadedFiles(coverage) };
  }

  it.each(Object.entries(apps))(
    'loads no code of a tool, and has no page of one: %s',
    async (name, app) => {
      const { statuses, home, loaded } = await run(name, app);
      expect(loaded).toEqual(
        expect.arrayContaining([`apps/${name}/src/main.ts`, `apps/${name}/src/${app.starts}`]),
      );
      expect(loaded.filter((file) => file.startsWith('tools/'))).toEqual([]);
      expect(loaded.filter((file) => file.startsWith('apps/') && !file.startsWith(`apps/${name}/`))).toEqual(
        [],
      );
      expect(statuses).toEqual((app.asked ?? []).map(([, , status]) => status));
      expect(home).not.toMatch(/A todo for Ada|start-mode|\/start\//);
    },
    60_000,
  );
});
