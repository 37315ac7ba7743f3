import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '#gatehouse/database';
import type { Ground } from './check-mode.js';
import { partConfigs } from './part-configs.js';
import { claimAnyPlaces } from './places.js';
import { seedBehindJwt, seedingStep } from './seeding.js';
import { startSurroundings, type SystemParts } from './system.js';

export interface RoundOptions extends SystemParts {
  /** A directory that nobody else uses. */
  readonly dataDir: string;
}

/** What all modes of a round share: who issues credentials and takes mail, and a database with the people's todos. */
export async function prepareRound(options: RoundOptions): Promise<Ground> {
  const { dataDir, progress, trouble, environment } = options;
  const places = await claimAnyPlaces(dataDir);
  const surroundings = await startSurroundings(places, options);
  const emptyDatabase = await progress.step('empty database', () => initialiseDatabase(options));
  await cp(emptyDatabase, join(dataDir, 'todo'), { recursive: true });
  const jwt = { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local', CREDENTIAL_SOURCE: 'jwt' };
  const configs = partConfigs({ ...environment, ...jwt }, places, surroundings.sandbox.secrets);
  await progress.step(seedingStep, () =>
    trouble.bearWith(() => seedBehindJwt(configs, surroundings, options)),
  );
  return { ...options, places, surroundings, emptyDatabase };
}

/** Resolves with the directory of a closed, empty database. Made once, since it takes seconds, and copied then. */
async function initialiseDatabase({ dataDir, logOf, tarball }: RoundOptions): Promise<string> {
  const directory = join(dataDir, 'empty');
  const database = await openDatabase({ name: 'reminder', dataDir: directory, log: logOf('start'), tarball });
  // The pool connects when it is asked something.
  await database.pool.query('select 1');
  await database.close();
  return join(directory, database.schema);
}
