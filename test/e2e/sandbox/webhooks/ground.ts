import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { call, logIn, startedSandbox } from '../started-sandbox.js';
import { type Receiver, type SentEvent, startedReceiver } from '../webhook-receiver.js';

/**
 * Sets up a sandbox and a receiver for each file. Before each test the sandbox is reset to its start, and the
 * receiver accepts everything.
 */
export let sandbox: Sandbox;
export let receiver: Receiver;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startedSandbox());
  receiver = await startedReceiver();
});
afterAll(async () => {
  await stop();
  await receiver.stop();
});
beforeEach(async () => {
  await sandbox.reset();
  receiver.received.length = 0;
  receiver.answer = (response) => response.end();
});

/** Returns the events that have arrived when no delivery is pending. */
export async function events(): Promise<SentEvent[]> {
  await sandbox.webhooks.settled();
  return receiver.received.map(({ event }) => event);
}

/** Creates a session of Ada's and returns the id of its refresh token. */
export async function session(): Promise<{ id: string; refreshToken: string }> {
  const { refresh_token, refresh_token_id } = await logIn(sandbox);
  return { id: refresh_token_id as string, refreshToken: refresh_token! };
}

export const del = (path: string, body?: object) => call(sandbox, 'DELETE', path, body);
