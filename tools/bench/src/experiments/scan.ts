import type { Bench, Experiment } from '../bench.js';
import { summary } from '../compare.js';
import { result } from '../goals.js';
import { type Child, startChild } from '../processes/child.js';
import { startDatabase } from '../processes/database.js';
import { median, paired, rounded } from '../statistics.js';
import type { Planned, ReminderSettings, Taken } from '../targets/reminder.js';

const pageSize = 1_000;
const goals = { ofFloor: 0.3, million: 10, growth: 1.2 };

/** How fast the Reminder reads what is due, and what a million costs it in time and memory. */
export const scan: Experiment = {
  goals: ['G15'],
  about: 'the Reminder reads a million due todos',
  tooLong: 'a million todos, and a PostgreSQL of its own',
  async run(bench) {
    const todoApi = await startChild('due-todos', {}, { measured: false });
    const reader = await worker(bench, { todoApiUrl: todoApi.url });
    const speed = await againstFloor(bench, todoApi, reader);
    await todoApi.ask('setExtent', { todos: 1_000_000 });
    const million = await reader.ask<Taken>('scan', { page: pageSize });
    bench.note(`1,000,000 todos read in ${rounded(million.seconds)} s`);
    const memory = await memoryOf(bench, todoApi);
    const cpuSeconds = million.cpuMicroseconds / 1e6;
    const detail = {
      ...speed,
      secondsForMillion: rounded(million.seconds),
      cpuSecondsForMillion: rounded(cpuSeconds),
      memory,
    };
    const { median: ofFloor } = speed.ofFloor;
    if (typeof memory === 'string') return [result('G15', ofFloor, null, { reason: memory, ...detail })];
    if (ofFloor < goals.ofFloor || cpuSeconds > goals.million || memory.growth > goals.growth)
      return [result('G15', ofFloor, false, detail)];
    if (million.seconds <= goals.million) return [result('G15', ofFloor, true, detail)];
    const reason = `a million took ${rounded(million.seconds)} s, of which the reader had its core for ${rounded(cpuSeconds)} s`;
    return [result('G15', ofFloor, null, { reason, ...detail })];
  },
};

const worker = (bench: Bench, settings: ReminderSettings): Promise<Child> =>
  bench.target('reminder', settings);

/** In turns: pages of a thousand and of a hundred over HTTP, and the same parsed in memory. */
async function againstFloor(bench: Bench, todoApi: Child, reader: Child) {
  await todoApi.ask('setExtent', { todos: 100_000 });
  const rates: Record<'scan' | 'smallPages' | 'parse', number[]> = { scan: [], smallPages: [], parse: [] };
  // The first round compiles.
  for (let round = 0; round <= 9; round += 1) {
    rates.parse.push(perCpuSecond(await reader.ask<Taken>('parse', { page: pageSize, pages: 100 })));
    rates.scan.push(perCpuSecond(await reader.ask<Taken>('scan', { page: pageSize })));
    rates.smallPages.push(perCpuSecond(await reader.ask<Taken>('scan', { page: 100 })));
  }
  const [parsed, scanned, small] = [rates.parse.slice(1), rates.scan.slice(1), rates.smallPages.slice(1)];
  const ofFloor = summary(paired(scanned, parsed));
  const rate = Math.round(median(scanned));
  bench.note(`${rate} todos a second of CPU, ${ofFloor.median} of parsing alone`);
  return {
    ofFloor,
    todosPerCpuSecond: rate,
    pagesOf1000Against100: rounded(paired(scanned, small).median),
  };
}

const perCpuSecond = ({ todos, cpuMicroseconds }: Taken): number => (todos / cpuMicroseconds) * 1e6;

/** The worker alone, with the ledger on a server: what a hundred thousand and a million take at most. */
async function memoryOf(bench: Bench, todoApi: Child) {
  const peaks: Planned[] = [];
  for (const todos of [100_000, 1_000_000]) {
    const database = await startDatabase();
    if (typeof database === 'string') return database;
    await todoApi.ask('setExtent', { todos });
    const child = await worker(bench, { todoApiUrl: todoApi.url, databaseUrl: database.url });
    const planned = await child.ask<Planned>('plan');
    if (planned.todos !== todos) throw new Error(`found ${planned.todos} of ${todos} todos`);
    bench.note(
      `${todos} todos found and planned in ${rounded(planned.seconds)} s, ${planned.mails} mails, at most ` +
        `${Math.round(planned.peakMegabytes)} MB`,
    );
    peaks.push(planned);
  }
  const [small, large] = peaks.map(({ peakMegabytes }) => peakMegabytes) as [number, number];
  return {
    megabytesAt100k: Math.round(small),
    megabytesAtMillion: Math.round(large),
    growth: rounded(large / small),
    secondsToPlanMillion: rounded(peaks[1]?.seconds ?? NaN),
    mailsOfMillion: peaks[1]?.mails,
  };
}
