import { createLogger } from '#gatehouse/platform';
import { startWorld, type World } from '../../../support/start-world.js';

/** The lines that the Todo API has logged. */
export const lines: string[] = [];
export const log = createLogger('todo-api', 'info', { write: (line) => void lines.push(line) });

let ahead = 0;
/** Moves the clock of everything in the world. */
export const passed = (milliseconds: number): void => void (ahead += milliseconds);

/** Sets up one world for each file of answers. */
export let world: World;
beforeAll(async () => (world = await startWorld({ log, clock: () => Date.now() + ahead })));
afterAll(() => world.close());
