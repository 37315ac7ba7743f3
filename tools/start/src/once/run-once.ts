import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { exitCodes, ExitError, parseConfig, type Shutdown, table } from '#gatehouse/platform';
import { startSchema } from '../config.js';
import type { Screen } from '../output/progress.js';
import { claimPorts } from '../system/ports.js';
import { makeDatabaseTemplate, startServices, type SystemContext } from '../system/start-services.js';
import { checkMode, type Fixture, nothing, type Row } from './check-mode.js';
import { modes } from './modes.js';

/** A round that takes longer is aborted, so that everything is closed within the two minutes that scripts allow. */
const limitSeconds = 90;

interface OnceOptions extends SystemContext {
  /** A directory that no other process uses. */
  readonly dataDir: string;
  readonly screen: Screen;
  /** The file for the result as JSON. */
  readonly json: string | undefined;
}

/** Runs one unattended round for every mode. Resolves with the exit code: 0 when every row is ok, else 1. */
export async function runOnce(options: OnceOptions): Promise<number> {
  return conclude(await rowsWithinLimit(options), options);
}

/** Shows the rows, writes the JSON file, and returns the exit code: 0 when every row is ok. */
export async function conclude(
  rows: readonly Row[],
  { screen, json }: Pick<OnceOptions, 'screen' | 'json'>,
): Promise<number> {
  const ok = rows.every((row) => row.ok);
  screen.write(`\n${resultTable(rows)}\n\n${ok ? 'Every mode works.' : 'Not every mode works.'}\n`);
  if (json !== undefined)
    await writeFile(json, `${JSON.stringify({ rows, ok }, null, 2)}\n`).catch(refuse(json));
  return ok ? exitCodes.done : exitCodes.workHeld;
}

async function rowsWithinLimit(options: OnceOptions): Promise<readonly Row[]> {
  const began = performance.now();
  const rows: Row[] = [];
  const timeIsUp = delay(limitSeconds * 1000, tooSlow, { ref: false });
  const problem = await Promise.race([checkModes(options, rows), timeIsUp]);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const missing = modes.slice(rows.length).map(({ mode, source }) => ({
    mode,
    source,
    ...nothing,
    seconds,
    ok: false,
    error: problem,
  }));
  return [...rows, ...missing];
}

const tooSlow = `not finished within ${limitSeconds} s, the limit of the whole round`;

/**
 * Resolves with the problem that prevented modes from being checked. Throws an ExitError for problems that an operator
 * can solve.
 */
async function checkModes(options: OnceOptions, rows: Row[]): Promise<string> {
  try {
    const fixture = await openFixture(options);
    const toItsEnd = finishing(options.shutdown);
    for (const mode of modes) rows.push(await toItsEnd(mode.mode, checkMode(mode, fixture)));
    return '';
  } catch (error) {
    if (error instanceof ExitError) throw error;
    return `not checked: ${(error as Error).message}`;
  }
}

async function openFixture(context: OnceOptions): Promise<Fixture> {
  const ports = Object.keys(startSchema.shape).filter((name) => name.endsWith('_PORT'));
  const anyPort = Object.fromEntries(ports.map((name) => [name, '0']));
  const config = await claimPorts(parseConfig(startSchema, { ...anyPort, DATA_DIR: context.dataDir }));
  const services = await startServices(config, context);
  return { ...context, config, services, template: await makeDatabaseTemplate(context) };
}

/**
 * Makes a shutdown wait for the current step, so that nothing starts or is written after everything was closed; later
 * steps do not start.
 */
function finishing(shutdown: Shutdown) {
  let stopped = false;
  return async <T>(name: string, step: Promise<T>): Promise<T> => {
    shutdown.add(name, async () => {
      stopped = true;
      await step.catch(() => undefined);
    });
    const result = await step;
    // The process ends once the shutdown is complete.
    return stopped ? new Promise<T>(() => undefined) : result;
  };
}

function resultTable(rows: readonly Row[]): string {
  const heading = ['mode', 'source', 'todos found', 'mails arrived', 'second run', 'seconds', 'result'];
  return table([
    heading,
    ...rows.map((row) => [
      row.mode,
      row.source,
      row.todosFound,
      row.mailsArrived,
      row.secondRunMails,
      row.seconds,
      row.error ?? 'ok',
    ]),
  ]);
}

const refuse = (file: string) => (error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  throw new ExitError(`--json: ${file} cannot be written (${code}).`, exitCodes.usage);
};
