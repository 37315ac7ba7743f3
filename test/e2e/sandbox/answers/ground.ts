import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { startedSandbox } from '../started-sandbox.js';

/** One for each file of answers, as it was at the start before each test. */
export let sandbox: Sandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startedSandbox());
});
afterAll(() => stop());
beforeEach(() => sandbox.reset());
