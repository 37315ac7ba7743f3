import { setTimeout as delay } from 'node:timers/promises';
import { publishedKey, rsaKey, type SigningKey } from '../../../tools/issuer/src/signing-key.js';
import { type Header, send } from './client.js';
import { describeForwardAuth, type Ground, openGround } from './ground.js';
import { startLoad } from './steady-load.js';

const reloads = 3;

describeForwardAuth('while things change', (program) => {
  let ground: Ground;
  beforeAll(async () => {
    // On a busy machine a verdict takes longer than the usual limit, which is not a refusal of the reload.
    ground = await openGround(program, {}, { verdictMs: 20_000 });
  });
  afterAll(() => ground.close());

  const signedBy = (key?: SigningKey): Header => [
    'Authorization',
    `Bearer ${ground.world.mint.token({}, {}, key)}`,
  ];

  it('accepts tokens of a new key within seconds, and those of the old one, without a reload', async () => {
    const key = publishedKey('RS256', rsaKey());
    const isFrom = async (header: Header) => (await send(ground.gateway.url, { headers: [header] })).status;
    expect(await isFrom(signedBy(key))).toBe(401);
    ground.world.issuer.keys.published.push(key.jwk);
    // The key set was just fetched for the same id, and is not fetched again for the next five seconds.
    for (let tries = 0; tries < 70 && (await isFrom(signedBy(key))) !== 200; tries += 1) await delay(100);
    expect([await isFrom(signedBy(key)), await isFrom(signedBy())]).toEqual([200, 200]);
  });

  it(`is reloaded ${reloads} times under load, and no request on a keep-alive connection is refused`, async () => {
    const load = startLoad({
      url: ground.gateway.url,
      perSecond: 100,
      connections: 16,
      next: () => [ground.ada],
    });
    for (let count = 0; count < reloads; count += 1) {
      await delay(1_000);
      await ground.gateway.reload();
    }
    await delay(1_000);
    const { statuses } = await load.stop();
    expect([...statuses].filter(([status]) => status !== 200)).toEqual([]);
    expect(statuses.get(200)).toBeGreaterThan(300);
  });

  it('continues with its old files if the new ones are broken', async () => {
    const { configuration } = ground.gateway;
    await ground.gateway
      .reload([{ path: configuration, text: 'broken {\n' }])
      // Caddy’s own command reloads; a signal cannot.
      .catch(() => undefined);
    expect((await ground.asAda({})).status).toBe(200);
  });
});
