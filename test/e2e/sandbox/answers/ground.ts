import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { startedSandbox } from '../started-sandbox.js';

/** Sets up one sandbox for each file of answers; before each test it is reset to its start. */
export let sandbox: Sandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startedSandbox());
});
afterAll(() => stop());
beforeEach(() => sandbox.reset());
