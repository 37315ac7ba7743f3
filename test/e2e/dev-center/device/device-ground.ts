import type { ApprovalRequest } from '#gatehouse/fusionauth/control';
import { approve } from './approver.js';
import { type DeviceWorld, type Outcome, startDeviceWorld } from './device-world.js';

let present = Date.now();
export const now = (): number => present;
/** Moves the clock of everything in the world. */
export const passed = (seconds: number): void => void (present += seconds * 1000);

/** Sets up one world for each file. */
export let world: DeviceWorld;
beforeAll(async () => {
  world = await startDeviceWorld(now);
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

/** Issues a device session that this person approves. */
export const approved = (name: string, args: object): Promise<Outcome> =>
  world.issue(args, [
    (shown: ApprovalRequest) => approve(shown.verificationUriComplete!, world.person(name)),
  ]);

/** Refreshes, and returns the answer; each call spends the token and stores its successor. */
export class Holder {
  #token: string;
  constructor(token: string) {
    this.#token = token;
  }
  static of({ handOver }: Outcome): Holder {
    return new Holder(handOver!.secret.value.reveal());
  }
  async refresh(secret = world.sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!) {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: world.center.config.FUSIONAUTH_APPLICATION_ID,
      refresh_token: this.#token,
      client_secret: secret,
    });
    const answer = await fetch(`${world.sandbox.url}/oauth2/token`, { method: 'POST', body: form });
    const body = (await answer.json()) as { access_token: string; refresh_token?: string; error?: string };
    this.#token = body.refresh_token ?? this.#token;
    return body;
  }
}
export const status = async (token: string) =>
  (await fetch(`${world.api.url}/me`, { headers: { authorization: `Bearer ${token}` } })).status;
export const stateOf = async (client: string) =>
  ((await world.run('list', { client, all: true })).credentials as { state: string }[]).map(
    ({ state }) => state,
  );
export const actionsOn = async (client: string) => {
  const { rows } = await world.api.database.pool.query<{ action: string }>(
    'select action from credential_audit where client = $1 order by seq',
    [client],
  );
  return rows.map(({ action }) => action);
};
