import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appLogs } from './logs.js';

describe('the logs of the apps', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-logs-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('go to one private file, and to the terminal only when something is wrong', () => {
    const file = join(directory, 'deep', 'start.log');
    const shown: string[] = [];
    const logOf = appLogs(file, 'info', (text) => shown.push(text));
    logOf('todo-api').info({ route: '/todos' }, 'request');
    for (const attempt of [1, 2])
      logOf('reminder').error({ attempt, err: new Error('connection refused') }, 'mail not sent');
    logOf('reminder').debug('too fine');
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { app: 'todo-api', level: 'info', msg: 'request' },
      { app: 'reminder', level: 'error', msg: 'mail not sent', attempt: 1 },
      { app: 'reminder', level: 'error', msg: 'mail not sent', attempt: 2 },
    ]);
    expect(shown).toEqual(['! reminder error: mail not sent: connection refused']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('say what to change when they cannot be written', () => {
    const inAFile = join(directory, 'deep', 'start.log', 'start.log');
    expect(() => appLogs(inAFile, 'info', () => undefined)).toThrow(
      /cannot be written \(E\w+, .+\): set DATA_DIR/,
    );
  });
});
