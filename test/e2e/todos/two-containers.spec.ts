import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { apiClient } from '../../support/api-client.js';
import { databaseTemplate, temporaryDirectory } from '../../support/embedded-database.js';
import { killed, mayHaveOwnNumbers, ownNumbers } from '../../support/lock-holder.js';
import { startWorld, type World } from '../../support/start-world.js';
import { startTypeScript } from '../../support/typescript-process.js';

const main = join(import.meta.dirname, '../../../apps/todo-api/src/main.ts');
const rounds = 3;
const todosARound = 20;

// Like two containers on one volume: each process has the id 1 in its own name space.
const between = mayHaveOwnNumbers ? describe : describe.skip;
between('two Todo APIs in containers on one volume (not run where unshare is refused)', () => {
  let world: World;
  let token: string;
  let volume: Awaited<ReturnType<typeof temporaryDirectory>>;
  const running: ChildProcess[] = [];
  beforeAll(async () => {
    world = await startWorld();
    token = await world.tokenOf('ada');
    volume = await temporaryDirectory();
    await cp(await databaseTemplate(), join(volume.path, 'todo'), { recursive: true });
  });
  afterEach(() => Promise.all(running.splice(0).map(killed)));
  afterAll(async () => {
    await world.close();
    await volume.remove();
  });

  const start = () => {
    const env = { ...world.env, DATABASE_URL: undefined, DATA_DIR: volume.path, METRICS_PORT: '0' };
    const child = startTypeScript(main, [], env, ownNumbers);
    running.push(child);
    return child;
  };
  const listening = async (child: ChildProcess): Promise<string> => {
    for await (const line of createInterface(child.stdout!)) {
      const { msg, url } = JSON.parse(line) as { msg: string; url: string };
      if (msg === 'listening') return url;
    }
    throw new Error('ended before it listened');
  };

  it('exclude each other: the second exits 75 and says what to do', async () => {
    await listening(start());
    const second = start();
    const [complaint, [exitCode]] = await Promise.all([text(second.stderr!), once(second, 'exit')]);
    expect(exitCode).toBe(75);
    expect(complaint).toContain('is in use by process 1. Stop that process, choose another DATA_DIR');
  });

  it('lose no acknowledged todo if each is killed at work and followed immediately by the next', async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const api = start();
      const client = apiClient(await listening(api), token);
      const work = Array.from({ length: todosARound * 2 }, async (_, n) => {
        const json = { title: `${round}/${n}`, dueAt: '2027-01-01T00:00:00Z' };
        const answer = await client('POST', '/todos', { json }).catch(() => undefined);
        if (answer?.status === 201) acknowledged.add((answer.body as { id: string }).id);
      });
      const until = (round + 1) * todosARound;
      while (acknowledged.size < until) await delay(2);
      await killed(api);
      await Promise.all(work);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(rounds * todosARound);

    const client = apiClient(await listening(start()), token);
    const found = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await client('GET', `/todos?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const { items, nextCursor } = page.body as { items: { id: string }[]; nextCursor: string | null };
      for (const { id } of items) found.add(id);
      cursor = nextCursor;
    }
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
  });
});
