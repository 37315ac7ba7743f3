import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { exitCodes, ExitError, runMain } from '#gatehouse/platform';
import { proofs } from './catalogue.js';
import type { Figures, Proof } from './proof.js';

const help = `soak: the long proofs, never part of npm test

Usage:
  npm run soak                         all of them, one after the other
  npm run soak -- --only NAME          one of them; repeat --only for several
  npm run soak -- --json FILE          also writes machine, commit and figures as JSON

Exit codes: 0 all hold, 1 one does not, 2 an unknown name.

Proofs:
${proofs.map(({ name, about }) => `  ${name.padEnd(20)} ${about}`).join('\n')}
`;

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly figures?: Figures;
  readonly error?: string;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const results: Result[] = [];
await runMain('soak', main);

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help);
    return exitCodes.done;
  }
  const unknown = (values.only ?? []).find((name) => proofs.every((proof) => proof.name !== name));
  if (unknown !== undefined)
    throw new ExitError(`there is no proof called ${unknown}\n\n${help}`, exitCodes.usage);
  for (const proof of proofs.filter(({ name }) => values.only?.includes(name) ?? true)) {
    results.push(await hold(proof));
    // After each, so that a run that is cut short leaves what it has seen.
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(record(), null, 2)}\n`);
  }
  const failed = results.filter(({ ok }) => !ok);
  process.stdout.write(
    failed.length === 0
      ? `\nAll ${results.length} hold.\n`
      : `\n${failed.length} of ${results.length} fail.\n`,
  );
  return failed.length === 0 ? exitCodes.done : exitCodes.workHeld;
}

async function hold(proof: Proof): Promise<Result> {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 100) / 10;
  process.stdout.write(`\n${proof.name}: ${proof.about}\n`);
  try {
    const figures = await proof.run((text) => process.stdout.write(`  ${seconds()} s  ${text}\n`));
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
