// Runs the Reminder once in a process of its own, for tests that kill it, and reports the run on standard output. The
// first argument is the crash point at which the process kills itself; it may be empty.
import { createLogger, parseConfig, processEnvironment } from '#gatehouse/platform';
import { schemaFor } from '../../../apps/reminder-app/src/config.js';
import { createReminder } from '../../../apps/reminder-app/src/reminder.js';

const [crashAt = '', template = ''] = process.argv.slice(2);
const environment = processEnvironment();
const reminder = await createReminder(parseConfig(schemaFor(environment), environment), {
  log: createLogger('reminder', 'silent'),
  template,
  checkpoint: (point) => {
    if (point === crashAt) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(`${JSON.stringify(await reminder.runOnce())}\n`);
await reminder.close();
