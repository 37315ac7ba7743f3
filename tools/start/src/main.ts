import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { appHelp, effectiveConfig, endOnSignal, exitCodes, runMain, Shutdown } from '#gatehouse/platform';
import { parseArguments, startOptions } from './arguments.js';
import { startSchema } from './config.js';
import { appSettings } from './environment.js';
import { appLogs, logFileIn } from './output/logs.js';
import { Progress } from './output/progress.js';
import { Warnings } from './output/warnings.js';
import { readSettings } from './settings.js';

/** Together with the round's own limit this stays within two minutes. */
const closeWithinSeconds = 10;

const about = {
  name: 'start',
  directory: 'start',
  about: 'the whole system in one process, on embedded parts: no account, no Docker',
  usage: [
    'npm start [-- --open]                runs until Ctrl-C',
    'npm start -- --once [--json FILE]    runs the whole flow once in each mode, then exits',
    '',
    'Exit codes: 0 done; 1 a mode does not work; 2 wrong usage; 3 credential refused; 4 a port is in use, or a database',
    'unavailable; 75 data directory in use; 78 bad configuration; 130, 143 stopped by a signal.',
  ],
  options: startOptions,
  schema: startSchema,
  further: { title: 'Environment of the apps that are started:', settings: appSettings() },
};

const progress = new Progress();
const warnings = new Warnings((text) => progress.note(text));

await runMain('start', main);

async function main(args: readonly string[]): Promise<number> {
  const { help, checkConfig, once, open, json } = parseArguments(args);
  if (help) return say(appHelp(about));
  const { config, environment, origins, notes } = await readSettings(once && !checkConfig);
  if (checkConfig) {
    const effective = JSON.stringify(effectiveConfig(startSchema, config), null, 2);
    return say([effective, ...origins, ...notes, 'Configuration is usable.', ''].join('\n'));
  }
  const dataDir = once ? await mkdtemp(join(tmpdir(), 'gatehouse-')) : resolve(config.DATA_DIR);
  const logOf = appLogs(logFileIn(dataDir), config.LOG_LEVEL, (text) => warnings.add(text));
  const shutdown = new Shutdown(logOf('start'), closeWithinSeconds);
  endOnSignal(async () => {
    progress.note('\nStopping…');
    await shutdown.now();
    progress.note('Stopped.');
  });
  for (const sentence of notes) progress.note(sentence);
  const context = { environment, progress, warnings, logOf, shutdown, screen: process.stdout };
  try {
    // Both are loaded here, so that --help and --check-config need not wait for the apps.
    if (!once) {
      const { runSystem } = await import('./system/run-system.js');
      return await runSystem({ ...config, DATA_DIR: dataDir }, { ...context, open });
    }
    const { runOnce } = await import('./once/run-once.js');
    shutdown.add('temporary data', () => rm(dataDir, { recursive: true, force: true }));
    return await runOnce({
      ...context,
      environment: { ...environment, DATABASE_URL: undefined, DATABASE_URL_FILE: undefined },
      dataDir,
      json,
    });
  } finally {
    await shutdown.now();
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return exitCodes.done;
}
