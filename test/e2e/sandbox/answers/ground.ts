import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { adaId, applicationId, call, startedSandbox } from '../started-sandbox.js';

/** Sets up one sandbox for each file of answers; before each test it is reset to its start. */
export let sandbox: Sandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startedSandbox());
});
afterAll(() => stop());
beforeEach(() => sandbox.reset());

/** Logs Ada in by the Login API. */
export const login = (changes: object = {}) =>
  call(sandbox, 'POST', '/api/login', {
    loginId: 'ada@example.com',
    password: sandbox.secrets['ADA_PASSWORD'],
    applicationId,
    ...changes,
  });

export const patchAda = (user: object) => call(sandbox, 'PATCH', `/api/user/${adaId}`, { user });
