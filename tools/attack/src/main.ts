import { runTool } from '#gatehouse/platform';
import { about, commandLine, notes } from './arguments.js';
import { runAttack } from './run-attack.js';

const say = (text: string) => void process.stdout.write(text);

await runTool({
  name: 'attack',
  ...commandLine,
  about,
  notes,
  run: (args) => runAttack(args, { say, ...(process.stderr.isTTY ? { progress } : {}) }),
});

function progress(done: number, total: number): void {
  if (done === total) process.stderr.write('\r\u001b[K');
  else if (done % 25 === 0) process.stderr.write(`\r${done} of ${total}`);
}
