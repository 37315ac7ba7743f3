import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Proof } from '../proof.js';

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

const promised = 85;
const report = 'dist/mutation.json';

/** Changes every line of the guard's core in every way the tool knows; a test beside it must notice. */
export const mutation: Proof = {
  name: 'mutation',
  about: `of all small faults put into the guard, its own unit tests notice ${promised} % or more (about an hour)`,
  async run(say) {
    rmSync(report, { force: true });
    const program = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'stryker.config.mjs'];
    const tool = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
    tool.stdout.on('data', (chunk: Buffer) => {
      const [tested] = /Mutation testing\s.*/.exec(chunk.toString()) ?? [];
      if (tested !== undefined) say(tested);
    });
    await once(tool, 'exit');
    if (!existsSync(report)) throw new Error('the tool gave up before the first fault; above it says why');
    const figures = figuresOf(JSON.parse(readFileSync(report, 'utf8')) as Report);
    if (figures.score < promised)
      throw new Error(`only ${figures.score} % were noticed; ${report} names the rest`);
    return figures;
  },
};

function figuresOf({ files }: Report) {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...wanted: string[]) => statuses.filter((status) => wanted.includes(status)).length;
  const noticed = count('Killed', 'Timeout');
  const missed = count('Survived', 'NoCoverage');
  return { noticed, missed, score: Math.round((1000 * noticed) / (noticed + missed)) / 10 };
}
