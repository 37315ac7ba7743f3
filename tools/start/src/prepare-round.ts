import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** What all modes of a round share: who issues credentials and takes mail, and where their databases are. */
export async function openGround(options: RoundOptions): Promise<Ground> {
  const places = await claimAnyPlaces(options.dataDir);
  const surroundings = await startSurroundings(places, options);
  return { ...options, places, surroundings, emptyDatabase: join(options.dataDir, 'empty', 'reminder') };
}

/** Makes the empty database, and from it the Todo API's with the people's todos. */
export async function fillGround(ground: Ground): Promise<void> {
  const { places, surroundings, emptyDatabase, progress, trouble, environment } = ground;
  await progress.step('empty database', () => initialiseDatabase(ground));
  await cp(emptyDatabase, join(places.dataDir, 'todo'), { recursive: true });
  const jwt = { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local', CREDENTIAL_SOURCE: 'jwt' };
  const configs = partConfigs({ ...environment, ...jwt }, places, surroundings.sandbox.secrets);
  await progress.step(seedingStep, () =>
    trouble.bearWith(() => seedBehindJwt(configs, surroundings, ground)),
  );
}

async function initialiseDatabase({ emptyDatabase, logOf, template }: Ground): Promise<void> {
  const dataDir = dirname(emptyDatabase);
  const database = await openDatabase({ name: 'reminder', dataDir, log: logOf('start'), template });
  // The pool connects when it is asked something.
  await database.pool.query('select 1');
  await database.close();
}
