import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { startTypeScript } from '../support/typescript-process.js';
import { type ReminderWorld, startReminderWorld } from './reminder/reminder-world.js';
import { hour, todo } from './reminder/stand-ins.js';

const main = (program: string) => join(import.meta.dirname, `../../${program}/src/main.ts`);

/** Output and exit code for a reader that waits before it takes anything. */
async function readLate(child: ChildProcess): Promise<{ output: string; complaints: string; code: number }> {
  const closed = once(child, 'close') as Promise<[number]>;
  const complaints = text(child.stderr!);
  await once(child.stdout!, 'readable');
  await delay(500);
  const output = await text(child.stdout!);
  return { output, complaints: await complaints, code: (await closed)[0] };
}

/** Returns the error output and exit code of a command whose reader goes away after the first chunk, as `head -1` does. */
async function leaveEarly(child: ChildProcess): Promise<{ complaints: string; code: number }> {
  const closed = once(child, 'close') as Promise<[number]>;
  const complaints = text(child.stderr!);
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  return { complaints: await complaints, code: (await closed)[0] };
}

describe('the reminder', () => {
  let world: ReminderWorld;
  const people = 1_500;

  beforeAll(async () => {
    world = await startReminderWorld();
    const reminder = await world.reminder();
    await reminder.runOnce();
    await reminder.close();
  });
  beforeEach(() => {
    world.todos.state.todos = Array.from({ length: people }, (_, index) => {
      const one = todo(`Todo ${index}`, hour);
      return { ...one, owner: { ...one.owner, email: `person-${index}@example.com` } };
    });
  });
  afterAll(() => world.close());

  const start = (...args: string[]) =>
    startTypeScript(main('apps/reminder-app'), args, { ...world.environment, LOG_LEVEL: 'info' });

  it('hands all of a long result to a slow reader, and only the result', async () => {
    const { output, complaints, code } = await readLate(start('once', '--dry-run', '--json'));
    expect(output.length).toBeGreaterThan(200_000);
    const recipients = output
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { recipient: string }).recipient);
    expect(new Set(recipients).size).toBe(people);
    expect(code).toBe(0);
    expect(complaints).not.toContain('"starting"');
  });

  it('says nothing when its reader goes away', async () => {
    const child = start('once', '--dry-run', '--json');
    const { complaints, code } = await leaveEarly(child);
    expect([code, complaints]).toEqual([0, expect.not.stringMatching(/EPIPE|^ +at /m)]);
  });

  it('prints nothing where a dry run finds no mail, and no configuration before the ledger', async () => {
    world.todos.state.todos = [];
    expect(await readLateOrNothing(start('once', '--dry-run', '--json'))).toBe('');
    expect(await readLateOrNothing(start('ledger', '--json'))).toBe('[]\n');
  });

  const readLateOrNothing = (child: ChildProcess) => text(child.stdout!);
});

describe('the attack', () => {
  it('hands its whole report to a slow reader, the summary at its end too', async () => {
    // An API that lets everything through that has a credential.
    const api = createServer((request, response) =>
      response.writeHead(request.headers.authorization === undefined ? 401 : 200).end(),
    );
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const { port } = api.address() as AddressInfo;
    const args = ['--url', `http://127.0.0.1:${port}`, '--issuer-port', '0', '--mutations', '1500'];
    const { output, code } = await readLate(startTypeScript(main('tools/attack'), args));
    api.closeAllConnections();
    api.close();
    expect(output.length).toBeGreaterThan(200_000);
    expect(output).toMatch(/hostile requests were let through .*legal ones were accepted\.\n$/);
    expect(code).toBe(1);
  });
});
