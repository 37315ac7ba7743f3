import { randomBytes } from 'node:crypto';
import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { personTricks } from '../../../contract/people.js';
import { startWorld, type World } from '../../../support/start-world.js';
import { pushSettings } from '../../../support/webhook-set-up.js';
import { addWebhook, type Received, type Receiver, startedReceiver } from '../../sandbox/webhook-receiver.js';
import { deliver, fusionAuthOf, metric, statusOf } from './ground.js';

/** Events that the sandbox signs for another receiver, so that the API receives only what the test sends. */
let world: World;
let receiver: Receiver;
let fusionAuth: ReturnType<typeof fusionAuthOf>;
beforeAll(async () => {
  receiver = await startedReceiver();
  // Without a key it cannot find missed events in FusionAuth's log.
  const env = async (sandbox: Sandbox) => ({
    ...(await pushSettings(sandbox)),
    FUSIONAUTH_API_KEY: undefined,
  });
  world = await startWorld({ env });
  await addWebhook(world.sandbox, receiver.url);
  fusionAuth = fusionAuthOf(world);
});
afterAll(async () => {
  await world.close();
  await receiver.stop();
});

/** A user's deactivation as FusionAuth signed it, and the user's token. */
async function deactivation() {
  const issued = await fusionAuth.newcomer();
  receiver.received.length = 0;
  await personTricks.deactivate(fusionAuth.world, issued);
  await world.sandbox.webhooks.settled();
  const [event] = receiver.received;
  if (!event) throw new Error('the sandbox sent no event');
  return { issued, event };
}

const signatureOf = ({ headers }: Received) => String(headers['x-fusionauth-signature-jwt']);

/** Returns the nth hostile delivery: a body and its valid signature, with one thing wrong. */
function hostile(
  n: number,
  event: Received,
  other: Received,
): { body: Buffer; signature: string | undefined } {
  const { body } = event;
  const signature = signatureOf(event);
  const at = n % body.length;
  const [head = '', claims = '', sign = ''] = signature.split('.');
  const flipped = Buffer.from(body);
  flipped[at] = flipped[at]! ^ (1 << (n % 8));
  const kinds: { body: Buffer; signature: string | undefined }[] = [
    { body, signature: undefined },
    { body: flipped, signature },
    { body: body.subarray(0, at), signature },
    { body: Buffer.concat([body, Buffer.from(' ')]), signature },
    { body: Buffer.concat([body, Buffer.alloc(262_144, 32)]), signature },
    { body, signature: signatureOf(other) },
    { body, signature: `${head}.${claims}.` },
    { body, signature: `${head}.${claims}.${sign.slice(0, -4)}AAAA` },
    { body, signature: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.` },
    { body, signature: randomBytes(n % 200).toString('base64url') },
    { body: randomBytes(n), signature },
    { body: Buffer.alloc(0), signature },
  ];
  return kinds[n % kinds.length]!;
}

describe('what is not an event of FusionAuth', () => {
  it('has no effect, in a thousand forms, and is never answered 500 or above', async () => {
    const [{ issued, event }, { event: other }] = [await deactivation(), await deactivation()];
    const before = await metric(world, 'gatehouse_revocations');
    const statuses: Record<number, number> = {};
    for (let n = 0; n < 1_000; n += 20) {
      const batch = Array.from({ length: 20 }, (_, index) => hostile(n + index, event, other));
      for (const { status } of await Promise.all(batch.map((one) => deliver(world.api.url, one))))
        statuses[status] = (statuses[status] ?? 0) + 1;
    }
    expect(Object.keys(statuses).map(Number).toSorted()).toEqual([403, 413]);
    expect(statuses[403]! + statuses[413]!).toBe(1_000);
    expect(await metric(world, 'gatehouse_revocations')).toBe(before);
    expect(await statusOf(world.api.url, issued)).toBe(200);
    // The event itself is valid, so these were the only reasons.
    expect(await deliver(world.api.url, { body: event.body, signature: signatureOf(event) })).toMatchObject({
      status: 200,
    });
    expect(await statusOf(world.api.url, issued)).toBe(401);
  });

  it('includes a replayed event: it revokes no token that was issued since', async () => {
    const { issued, event } = await deactivation();
    const good = { body: event.body, signature: signatureOf(event) };
    expect(await deliver(world.api.url, good)).toMatchObject({ status: 200 });
    await fusionAuth.admin('PUT', `/api/user/${issued.userId ?? ''}?reactivate=true`);
    const later = await fusionAuth.logInAfter(1_001, issued);
    for (let time = 0; time < 20; time += 1)
      expect(await deliver(world.api.url, good)).toMatchObject({ status: 200 });
    expect(await statusOf(world.api.url, issued)).toBe(401);
    expect(await statusOf(world.api.url, later)).toBe(200);
    expect(
      await metric(world, 'gatehouse_revocation_events_total{outcome="repeated"}'),
    ).toBeGreaterThanOrEqual(20);
  });
});
