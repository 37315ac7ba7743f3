import { CredentialFailure } from '#gatehouse/credentials';
import { DatabaseProblem } from '#gatehouse/database';
import { createLogger, exitCodes, ExitError } from '#gatehouse/platform';
import type { DeliveryReport } from '../run/deliver.js';
import type { Turn } from '../run/run.js';
import type { RunReport } from '../run/run-report.js';
import { ScheduledWorker } from './scheduled-worker.js';

const tick = new Date('2026-11-25T12:00:00Z');
const refused = new CredentialFailure('refused', 'no');
const down = new ExitError('down', exitCodes.unavailable);

interface Parts {
  readonly whose?: 'mine' | 'theirs' | 'done';
  readonly run?: (turn: Turn) => Promise<unknown>;
  readonly prepare?: () => Promise<void>;
  readonly authorize?: () => Promise<unknown>;
  readonly postpone?: () => Promise<void>;
  readonly stopping?: AbortSignal;
}

function scheduledWorker(parts: Parts = {}) {
  const done: string[] = [];
  const note = (what: string) => () => Promise.resolve(void done.push(what));
  const { run = note('run'), authorize = note('authorize'), prepare = () => Promise.resolve() } = parts;
  const refusals: number[] = [];
  const lines: string[] = [];
  const one = new ScheduledWorker(
    {
      prepare,
      runOnce: (options) => run(options!.turn!) as Promise<RunReport>,
      help: note('help') as unknown as () => Promise<DeliveryReport>,
      stopping: parts.stopping ?? new AbortController().signal,
    },
    {
      take: () => Promise.resolve(parts.whose ?? 'mine'),
      renew: note('renew'),
      finish: note('finish'),
      postpone: (seconds) => (parts.postpone ?? note(`postpone ${String(seconds)}`))(),
    },
    { authorization: authorize as () => Promise<Headers> },
    { refusals: { set: (value) => refusals.push(value) } },
    createLogger('test', 'info', { write: (line) => void lines.push(line) }),
  );
  return { one, done, refusals, lines };
}

describe('a worker at a tick of the schedule', () => {
  it('runs its own tick, and sends planned mails during that of another worker', async () => {
    const mine = scheduledWorker();
    expect(await mine.one.at(tick)).toBeUndefined();
    expect(mine.done).toEqual(['authorize', 'run']);
    expect(mine.lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ tick: tick.toISOString(), msg: 'this worker runs the tick' }),
    ]);

    const theirs = scheduledWorker({ whose: 'theirs' });
    expect(await theirs.one.at(tick)).toBe(2_000);
    expect(theirs.done).toEqual(['authorize', 'help']);
    expect(theirs.lines).toEqual([]);

    const over = scheduledWorker({ whose: 'done' });
    expect(await over.one.at(tick)).toBeUndefined();
    expect(over.done).toEqual(['authorize', 'help']);
  });

  it('sends planned mails without a credential, and logs why there is none', async () => {
    const { one, done, lines } = scheduledWorker({ whose: 'theirs', authorize: () => Promise.reject(down) });

    expect(await one.at(tick)).toBe(2_000);
    expect(done).toEqual(['help']);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ reason: 'down', msg: expect.stringContaining('no credential') as string }),
    ]);
  });

  it.each([
    ['the Todo API, FusionAuth or the database', down],
    [
      'a database that an operator must repair',
      new DatabaseProblem('wrong password', exitCodes.badConfiguration),
    ],
    ['anything else', new Error('a mistake of ours')],
  ])('postpones the tick by a minute after trouble with %s, and logs it', async (_what, error) => {
    const { one, done, lines } = scheduledWorker({ run: () => Promise.reject(error) });

    expect(await one.at(tick)).toBe(60_000);
    expect(done).toEqual(['authorize', 'postpone 60']);
    expect(lines.join()).toMatch(/run given up; retrying in a minute/);
    expect(lines.join()).toContain(error.message);
  });

  it('retries a refused credential at the next tick, with an alarm, and gives up after ten in a row', async () => {
    const { one, done, refusals, lines } = scheduledWorker({ run: () => Promise.reject(refused) });

    for (let attempt = 1; attempt < 10; attempt++) expect(await one.at(tick)).toBeUndefined();
    await expect(one.at(tick)).rejects.toBe(refused);

    expect(done.filter((what) => what !== 'authorize')).toEqual(Array(10).fill('finish'));
    expect(refusals).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const alarms = lines.filter((line) => line.includes('credential_refused'));
    expect(alarms).toHaveLength(9);
    expect(JSON.parse(alarms[8]!)).toMatchObject({
      ...{ level: 'error', alarm: 'credential_refused', inARow: 9 },
      msg: 'run given up; retrying at the next tick: no',
    });
  });

  it('resets the count after a successful run', async () => {
    let answer: Promise<void> = Promise.reject(refused);
    const { one, refusals } = scheduledWorker({ run: () => answer });
    await one.at(tick);
    answer = Promise.resolve();
    await one.at(tick);
    answer = Promise.reject(refused);
    await one.at(tick);

    expect(refusals).toEqual([1, 0, 1]);
  });

  it('ends immediately if the token file is not usable at the start', async () => {
    const unusable = new ExitError('read-only', exitCodes.badConfiguration);
    const { one } = scheduledWorker({ prepare: () => Promise.reject(unusable) });

    await expect(one.at(tick)).rejects.toBe(unusable);
  });

  it('waits for a database that is down at the start', async () => {
    const { one } = scheduledWorker({ prepare: () => Promise.reject(down) });

    expect(await one.at(tick)).toBe(60_000);
  });

  it('passes the tick to the run, which renews and finishes it', async () => {
    const { one, done } = scheduledWorker({
      run: async (turn) => {
        await turn.renew();
        await turn.finish();
      },
    });

    await one.at(tick);

    expect(done).toEqual(['authorize', 'renew', 'finish']);
  });

  it('takes no tick if it is asked to stop while it waits for the credential', async () => {
    const stop = new AbortController();
    const { one, done } = scheduledWorker({
      authorize: () => {
        stop.abort(new Error('asked to stop'));
        return Promise.reject(down);
      },
      stopping: stop.signal,
    });

    expect(await one.at(tick)).toBeUndefined();
    expect(done).toEqual([]);
  });

  it('logs the error of the run, even if the tick cannot be postponed either', async () => {
    const { one, lines } = scheduledWorker({
      run: () => Promise.reject(down),
      postpone: () => Promise.reject(new Error('the database is gone')),
    });

    expect(await one.at(tick)).toBe(60_000);
    expect(lines.at(-1)).toContain('down');
    expect(lines.join()).not.toContain('the database is gone');
  });

  it('hands the tick to other workers immediately if it is asked to stop', async () => {
    const stop = new AbortController();
    const { one, done } = scheduledWorker({
      run: () => {
        stop.abort();
        return Promise.reject(new Error('stopped'));
      },
      stopping: stop.signal,
    });

    expect(await one.at(tick)).toBeUndefined();
    expect(done).toEqual(['authorize', 'postpone 0']);
  });
});
