import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { z } from 'zod';
import { exitCodes, option, runTool } from '#gatehouse/platform';
import { proofs } from './catalogue.js';
import type { Extent, Figures, Proof } from './proof.js';

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly figures?: Figures;
  readonly error?: string;
}

const results: Result[] = [];
const names = proofs.map(({ name }) => name);
const shardForm = /^([1-9]\d?)\/([1-9]\d?)$/;

await runTool({
  name: 'soak',
  command: 'npm run soak',
  about: 'the long proofs, never part of npm test; without --only all of them, one after the other',
  options: {
    only: option(z.array(z.enum(names, 'must be one of the proofs below')).optional(), {
      value: 'NAME',
      about: 'only this proof; repeat it for several',
      repeated: true,
    }),
    shard: option(
      z
        .string()
        .regex(shardForm, 'must be a part of parts, such as 3/8')
        .transform((text) => {
          const [, number = 0, count = 0] = (shardForm.exec(text) ?? []).map(Number);
          return { number, count };
        })
        .refine(({ number, count }) => number <= count, 'must be a part of parts, such as 3/8')
        .optional(),
      { value: '3/8', about: 'the third of eight parts, of a proof that can be divided' },
    ),
    minutes: option(z.coerce.number().int().min(1).max(600).optional(), {
      value: 'NUMBER',
      about: 'how long, for a proof that names minutes as its own',
    }),
    json: option(z.string().optional(), {
      value: 'FILE',
      about: 'where to write machine, commit and figures as JSON',
    }),
  },
  notes: [
    'Exit codes: 0 all hold, 1 one does not, 2 an unknown name.',
    '',
    'Proofs:',
    ...proofs.map(({ name, about }) => `  ${name.padEnd(20)} ${about}`),
  ].join('\n'),
  run: async ({ only, shard, minutes, json }) => {
    const extent = { shard, minutes };
    for (const proof of proofs.filter((one) => !only || only.includes(one.name))) {
      results.push(await hold(proof, extent));
      // After each, so that an interrupted run leaves its results so far.
      if (json !== undefined) writeFileSync(json, `${JSON.stringify(record(), null, 2)}\n`);
    }
    const failed = results.filter(({ ok }) => !ok);
    process.stdout.write(
      failed.length === 0
        ? `\nAll ${results.length} hold.\n`
        : `\n${failed.length} of ${results.length} fail.\n`,
    );
    return failed.length === 0 ? exitCodes.done : exitCodes.workHeld;
  },
});

async function hold(proof: Proof, extent: Extent): Promise<Result> {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 100) / 10;
  process.stdout.write(`\n${proof.name}: ${proof.about}\n`);
  try {
    const figures = await proof.run((text) => process.stdout.write(`  ${seconds()} s  ${text}\n`), extent);
    for (const [name, value] of Object.entries(figures)) process.stdout.write(`  ${name}: ${value}\n`);
    process.stdout.write(`✓ ${proof.name} ${seconds()} s\n`);
    return { name: proof.name, ok: true, seconds: seconds(), figures };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stdout.write(`✗ ${proof.name} ${seconds()} s\n  ${message}\n`);
    return { name: proof.name, ok: false, seconds: seconds(), error: message };
  }
}

function record() {
  const [processor] = cpus();
  return {
    machine: `${cpus().length} × ${processor?.model.trim() ?? 'unknown processor'}`,
    node: process.version,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    ok: results.every(({ ok }) => ok),
    results,
  };
}
