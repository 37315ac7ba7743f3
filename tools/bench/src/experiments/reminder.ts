import { median, paired, rounded, summary } from '../../../measure/src/statistics.js';
import type { Bench, Experiment } from '../bench.js';
import { NotMeasured } from '../outcome.js';
import { inTurns } from '../rounds.js';
import { type DueTodos, startDueTodos, todosOfEach } from '../stand-ins/due-todos.js';
import { startDatabase } from '../stand-ins/postgres.js';
import { startSmtpSink } from '../stand-ins/smtp-sink.js';
import type { Sending } from '../targets/mailer.js';
import type { Planned, Taken } from '../targets/reminder.js';

/** Measures how fast the Reminder reads due todos, and the time and memory for a million. */
export const scan: Experiment = {
  goals: ['G15'],
  about: 'the Reminder reads a million due todos',
  tooLong: 'a million todos, and a PostgreSQL of its own',
  async run(bench) {
    const todos = bench.keep(await startDueTodos());
    const reader = await bench.target('reminder', { todoApiUrl: todos.url });
    const perCpuSecond = async (name: string, extent: object) => {
      const taken = await reader.ask<Taken>(name, extent);
      return (taken.todos / taken.cpuMicroseconds) * 1e6;
    };
    todos.count = 100_000;
    const rates = await inTurns(9, {
      parsed: () => perCpuSecond('parse', { page: 1_000, pages: 100 }),
      scanned: () => perCpuSecond('scan', { page: 1_000 }),
      smallPages: () => perCpuSecond('scan', { page: 100 }),
    });
    const ofParsing = paired(rates.scanned, rates.parsed);
    todos.count = 1_000_000;
    const million = await reader.ask<Taken>('scan', { page: 1_000 });
    bench.note(`1,000,000 todos read in ${rounded(million.seconds)} s`);
    const [small, large] = [await plan(bench, todos, 100_000), await plan(bench, todos, 1_000_000)];
    const cpuSeconds = million.cpuMicroseconds / 1e6;
    const isLate = million.seconds > 10 && cpuSeconds <= 10;
    const figures = {
      'times parsing': ofParsing.median,
      'memory of a million / of 100,000': large.peakMegabytes / small.peakMegabytes,
      ...(isLate ? {} : { 'seconds for a million': million.seconds }),
    };
    const undecided = isLate
      ? `a million took ${rounded(million.seconds)} s, and the reader had its core for ${rounded(cpuSeconds)} s of them`
      : undefined;
    const detail = {
      ofParsing: summary(ofParsing),
      todosPerCpuSecond: Math.round(median(rates.scanned)),
      pagesOf1000Against100: rounded(paired(rates.scanned, rates.smallPages).median),
      planned: { small, large },
    };
    return { G15: { figures, undecided, detail } };
  },
};

/** Finds and plans this many todos in another process, with the ledger on a server. */
async function plan(bench: Bench, due: DueTodos, todos: number): Promise<Planned> {
  const { url: databaseUrl } = bench.keep(await startDatabase());
  due.count = todos;
  const worker = await bench.target('reminder', { todoApiUrl: due.url, databaseUrl });
  const planned = await worker.ask<Planned>('plan');
  if (planned.todos !== todos) throw new Error(`found ${planned.todos} of ${todos} todos`);
  const { mails, seconds, peakMegabytes } = planned;
  bench.note(
    `${todos} todos: ${mails} mails planned in ${rounded(seconds)} s, ${Math.round(peakMegabytes)} MB`,
  );
  return planned;
}

/** Measures how fast mails are sent over the Reminder's persistent connection, and how many are sent. */
export const mail: Experiment = {
  goals: ['G16'],
  about: 'mails by SMTP: one connection kept, one for each mail, and the bare dialogue',
  async run(bench) {
    const { url: smtpUrl } = bench.keep(await startSmtpSink());
    const mailer = await bench.target('mailer', { smtpUrl });
    const many = bench.quick ? 300 : 2_000;
    const send = (by: Sending, times: number) => () => mailer.ask<number>('send', { by, times });
    const rates = await inTurns(bench.quick ? 3 : 9, {
      bare: send('bare', many),
      pooled: send('pooled', many),
      unpooled: send('unpooled', 20),
    });
    const [ofUnpooled, ofBare] = [paired(rates.pooled, rates.unpooled), paired(rates.pooled, rates.bare)];
    const planned = bench.quick ? undefined : await digests(bench);
    const figures = {
      'times a connection for each': ofUnpooled.median,
      'times the bare dialogue': ofBare.median,
      ...(planned
        ? { 'mails beyond one a person': Math.abs(planned.mails - planned.todos / todosOfEach) }
        : {}),
    };
    const mailsPerSecond = Math.round(median(rates.pooled));
    bench.note(`${mailsPerSecond} mails a second, ${rounded(ofBare.median)} of the bare dialogue`);
    return {
      G16: { figures, detail: { mailsPerSecond, ofUnpooled: summary(ofUnpooled), ofBare: summary(ofBare) } },
    };
  },
};

/** Undefined where there is no PostgreSQL. */
async function digests(bench: Bench): Promise<Planned | undefined> {
  try {
    return await plan(bench, bench.keep(await startDueTodos()), 3_000);
  } catch (error) {
    if (error instanceof NotMeasured) return undefined;
    throw error;
  }
}
