import type { Bench, Experiment } from '../bench.js';
import { summary } from '../compare.js';
import { result } from '../goals.js';
import { startChild } from '../processes/child.js';
import { startDatabase } from '../processes/database.js';
import { median, paired, rounded } from '../statistics.js';
import type { Sending } from '../targets/mailer.js';
import type { Planned, ReminderSettings } from '../targets/reminder.js';

const goals = { unpooled: 10, bare: 0.7 };
const todosOfEach = 3;

/** How fast mails go out over the connection that the Reminder keeps, and how many go out. */
export const mail: Experiment = {
  goals: ['G16'],
  about: 'mails by SMTP: one connection kept, one for each mail, and the bare dialogue',
  async run(bench) {
    const sink = await startChild('smtp-sink', {}, { measured: false });
    const mailer = await bench.target('mailer', { smtpUrl: sink.url });
    const rates: Record<Sending, number[]> = { pooled: [], unpooled: [], bare: [] };
    const times: Record<Sending, number> = {
      pooled: bench.quick ? 300 : 2_000,
      unpooled: 20,
      bare: bench.quick ? 300 : 2_000,
    };
    // The first round compiles.
    for (let round = 0; round <= (bench.quick ? 3 : 9); round += 1) {
      for (const by of ['bare', 'pooled', 'unpooled'] as const)
        rates[by].push(await mailer.ask<number>('send', { by, times: times[by] }));
    }
    const of = (by: Sending) => rates[by].slice(1);
    const [ofBare, ofUnpooled] = [paired(of('pooled'), of('bare')), paired(of('pooled'), of('unpooled'))];
    const mailsPerSecond = Math.round(median(of('pooled')));
    bench.note(`${mailsPerSecond} mails a second, ${rounded(ofBare.median)} of the bare dialogue`);
    const planned = bench.quick ? 'left out by --quick' : await digestsOf(bench, 3_000);
    const detail = { mailsPerSecond, ofUnpooled: summary(ofUnpooled), ofBare: summary(ofBare), planned };
    const met =
      ofUnpooled.median >= goals.unpooled &&
      ofBare.median >= goals.bare &&
      (typeof planned === 'string' || planned.mails === planned.people);
    return [result('G16', rounded(ofUnpooled.median), met, detail)];
  },
};

/** As many mails as people, however many todos they have; or, in words, why that was not looked at. */
async function digestsOf(bench: Bench, todos: number) {
  const database = await startDatabase();
  if (typeof database === 'string') return database;
  const todoApi = await startChild('due-todos', {}, { measured: false });
  await todoApi.ask('setExtent', { todos });
  const settings: ReminderSettings = { todoApiUrl: todoApi.url, databaseUrl: database.url };
  const { mails } = await (await bench.target('reminder', settings)).ask<Planned>('plan');
  return { todos, people: todos / todosOfEach, mails };
}
