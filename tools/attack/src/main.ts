import { exitCodes, runMain } from '#gatehouse/platform';
import { parseArguments } from './arguments.js';
import { help } from './help.js';
import { runAttack } from './run-attack.js';

const say = (text: string) => void process.stdout.write(text);

await runMain('attack', main);

async function main(args: readonly string[]): Promise<number> {
  const wanted = parseArguments(args);
  if (!wanted.help) return runAttack(wanted, { say, ...(process.stderr.isTTY ? { progress } : {}) });
  say(help);
  return exitCodes.done;
}

function progress(done: number, total: number): void {
  if (done === total) process.stderr.write('\r\u001b[K');
  else if (done % 25 === 0) process.stderr.write(`\r${done} of ${total}`);
}
