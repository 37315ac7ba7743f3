import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../support/free-port.js';
import { preparedData } from './prepared-data.js';
import { blocksOf, type Pasted, readmeShell } from './readme-walk.js';

describe('each app alone, as docs/running.md has it', () => {
  const running = new Set<Pasted>();
  afterEach(() => {
    for (const pasted of running) pasted.interrupt();
    running.clear();
  });

  it('starts in the order of its blocks, one terminal each, with only what they set', async () => {
    const directory = await preparedData();
    const [sandbox = '', todoApi = '', reminder = '', devCenter = '', ...more] = blocksOf(
      'How do I run each app alone?',
    );
    expect(more).toEqual([]);
    const [fusionAuth, api] = [String(await freePort()), String(await freePort())];
    const elsewhere = {
      FUSIONAUTH_URL: `http://127.0.0.1:${fusionAuth}`,
      TODO_API_URL: `http://127.0.0.1:${api}`,
      LOG_LEVEL: 'info',
    };
    const shell = await readmeShell({
      dataDir: directory.path,
      addresses: { 'http://127.0.0.1:3000': elsewhere.TODO_API_URL },
      variables: {
        sandbox: { PORT: fusionAuth },
        credentials: { FUSIONAUTH_URL: elsewhere.FUSIONAUTH_URL },
        'todo-api': { ...elsewhere, PORT: api, METRICS_PORT: '0' },
        reminder: { ...elsewhere, PORT: '0', METRICS_PORT: '0' },
        'dev-center': { ...elsewhere, PORT: '0', METRICS_PORT: '0' },
      },
    });
    const leave = async (block: string, said: RegExp) => {
      const pasted = shell.leaveRunning(block);
      running.add(pasted);
      await until(pasted, said);
      return pasted;
    };

    await leave(sandbox, /the FusionAuth stand-in listens/);
    const server = await leave(todoApi, /"msg":"listening"/);
    expect(server.output()).toMatch(/REFRESH_TOKEN_FILE=.*\/reminders\.refresh/);
    const client = await leave(reminder, /"msg":"listening"/);
    expect(client.output()).toMatch(/^Dry run: 1 mail would be sent[^]*^1 todo found, 1 mail sent/m);
    server.interrupt();
    await server.exit;
    await leave(devCenter, /the Dev Center listens/);
    await Promise.all([...running].map((pasted) => (pasted.interrupt(), pasted.exit)));
    await shell.remove();
    await directory.remove();
  }, 120_000);
});

const limitMs = 100_000;

/** Waits until a block has written `said`. Throws with its output if it ends before, or takes too long. */
async function until(pasted: Pasted, said: RegExp): Promise<void> {
  let end: string | undefined;
  void pasted.exit.then((code) => (end = `ended with ${String(code)}`));
  void delay(limitMs, undefined, { ref: false }).then(() => (end ??= `took ${limitMs} ms`));
  while (!said.test(pasted.output())) {
    if (end !== undefined) throw new Error(`${end} without saying ${String(said)}:\n${pasted.output()}`);
    await delay(20);
  }
}
