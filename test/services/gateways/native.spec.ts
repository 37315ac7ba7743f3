import { verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attack } from '../../../tools/attack/src/attack.js';
import { hostileKinds } from '../../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../../tools/attack/src/corpus/groups/legal.js';
import type { HostileKind } from '../../../tools/attack/src/corpus/kind.js';
import type { Presented } from '../../../tools/attack/src/corpus/make.js';
import type { TriedHostile } from '../../../tools/attack/src/outcome.js';
import { type Answer, sender } from '../../../tools/attack/src/request.js';
import { publicPem, publishedKey, rsaKey, type SigningKey } from '../../../tools/issuer/src/signing-key.js';
import { describeWhere } from '../../support/describe-where.js';
import { freePort } from '../../support/free-port.js';
import { reportFigure } from '../figures.js';
import { type Header, send } from './client.js';
import { endpointOf, keyOf, policyFor, startGateway } from './gateway.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { missingProgram } from './programs.js';
import type { RecordingApi } from './recording-api.js';

const kinds = hostileKinds.filter(({ noticedBy }) => noticedBy.includes('local'));
const paths = { any: '/me', role: '/todos' };

const bearer = (token: string): Header => ['Authorization', `Bearer ${token}`];

/** A hostile kind that a gateway passed on, and the Todo API's answer. */
interface Reached {
  readonly kind: HostileKind;
  readonly presented: Presented;
  readonly answer: Answer;
}

describeWhere(missingProgram('haproxy'))('HAProxy by its own check', () => {
  let world: GatewayWorld;
  let api: RecordingApi;

  beforeAll(async () => {
    world = await startGatewayWorld();
    api = await world.startTodoApi();
  });
  afterEach(() => api.take());
  afterAll(() => world.close());

  const startNative = () =>
    startGateway('haproxy', { configuration: 'haproxy-native', policy: policyFor(world, api.url) });

  /** Sends every kind, one after the other, and returns those that reached the API. */
  async function hostileReach(
    gateway: GatewayProcess,
  ): Promise<{ reached: Reached[]; tried: readonly TriedHostile[] }> {
    const reached: Reached[] = [];
    const send = sender(gateway.url);
    const tried: TriedHostile[] = [];
    for (const kind of kinds) {
      let presented: Presented = { headers: [] };
      const { hostile } = await attack({
        ...{ issuer: world.issuer, paths, legal: [], hostile: [kind] },
        send: async (made, path) => send((presented = made), path),
      });
      tried.push(...hostile);
      const [{ answer } = {}] = hostile;
      if (answer && api.take().length > 0) reached.push({ kind, presented, answer });
    }
    return { reached, tried };
  }

  const asked = async (gateway: GatewayProcess, ...headers: Header[]) =>
    (await send(gateway.url, { target: '/me', headers })).status;

  it('accepts a token from the reload that adds its key to the one that removes it', async () => {
    const gateway = await startNative();
    const key = publishedKey('RS256', rsaKey());
    const { keys } = policyFor(world, api.url);
    const statuses = async () =>
      Promise.all([undefined, key].map((by) => asked(gateway, bearer(world.mint.token({}, {}, by)))));
    // A busy machine needs time for a reload, and the API for its own fetch of the key set.
    const become = async (...wanted: number[]) => {
      for (let tries = 0; tries < 80 && (await statuses()).join() !== wanted.join(); tries += 1)
        await delay(100);
      expect(await statuses()).toEqual(wanted);
    };
    await become(200, 401);
    world.issuer.keys.published.push(key.jwk);
    await gateway.change({ keys: [...keys, keyOf(key, 'RS256')] });
    await become(200, 200);
    await gateway.change({ keys: [keyOf(key, 'RS256')] });
    await become(401, 200);
    await gateway.stop();
  });

  it('guards two services, and refuses a token of one at the other', async () => {
    const second = await world.startApi();
    const audience = '00000000-0000-4000-8000-0000000000aa';
    const policy = policyFor(world, (await world.startApi()).url);
    const { forwardAuth } = policy;
    const secondApi = {
      ...endpointOf(second.url),
      hostname: 'second.example',
      audiences: [audience],
      forwardAuth,
    };
    const gateway = await startGateway('haproxy', {
      configuration: 'haproxy-native',
      policy: { ...policy, secondApi },
    });
    const [first, other] = [bearer(world.mint.token()), bearer(world.mint.token({ aud: audience }))];
    const host: Header = ['Host', 'second.example'];
    expect([await asked(gateway, first), await asked(gateway, other)]).toEqual([200, 401]);
    expect([await asked(gateway, host, first), await asked(gateway, host, other)]).toEqual([401, 200]);
    expect(second.take()).toHaveLength(1);
    await gateway.stop();
  });

  it('takes the token only from the cookie if the policy says so', async () => {
    const own = await world.startApi();
    const gateway = await startGateway('haproxy', {
      configuration: 'haproxy-native',
      policy: { ...policyFor(world, own.url), tokenLocation: 'cookie' },
    });
    const token = world.mint.token();
    const cookie: Header = ['Cookie', `theme=dark; app.at=${token}`];
    expect([await asked(gateway, cookie), await asked(gateway, bearer(token))]).toEqual([200, 401]);
    // Besides the checked cookie, no credential header reaches the API.
    expect([200, 400]).toContain(await asked(gateway, cookie, bearer('x.y.z')));
    const arrived = own.take().flatMap(({ headers }) => headers.map(([name]) => name.toLowerCase()));
    expect(arrived).not.toContain('authorization');
    await gateway.stop();
  });

  it('passes to the API only hostile tokens that the issuer’s key has signed, and the API refuses all of them', async () => {
    const gateway = await startNative();
    const { reached, tried } = await hostileReach(gateway);
    const { legal } = await attack({
      ...{ issuer: world.issuer, paths, hostile: [], send: sender(gateway.url) },
      legal: legalKinds.filter(
        ({ acceptedBy, algorithm }) => acceptedBy.includes('local') && ['RS256', 'ES256'].includes(algorithm),
      ),
    });
    await gateway.stop();
    reportFigure(
      `HAProxy by its own check leaves ${reached.length} of ${tried.length} hostile kinds to the API, and passes ${legal.filter(({ outcome }) => outcome === 'accepted').length} of ${legal.length} legal ones of its algorithms`,
    );
    expect(tried).toHaveLength(kinds.length);
    expect(reached.filter(({ answer }) => answer.status < 400)).toEqual([]);
    expect(
      reached.filter(({ presented }) => !isSignedByIssuer(presented, world)).map(({ kind }) => kind.name),
    ).toEqual([]);
  });

  it('is not what the guide’s own configuration does, which the same requests show', async () => {
    const [guides, ours] = [await startGuides(world, api), await startNative()];
    const [byGuide, byUs] = [await hostileReach(guides), await hostileReach(ours)];
    await guides.stop();
    await ours.stop();
    const names = new Set(byUs.reached.map(({ kind }) => kind));
    const differing = byGuide.reached.filter(({ kind }) => !names.has(kind)).length;
    reportFigure(
      `The guide’s own HAProxy configuration answers ${differing} of ${kinds.length} hostile kinds otherwise`,
    );
    expect(differing).toBeGreaterThan(0);
  });
});

/** Returns whether a request presents a token whose claims are signed by one of the issuer’s own keys. */
function isSignedByIssuer({ headers, query = '' }: Presented, { issuer }: GatewayWorld): boolean {
  const text = [...headers.map(([, value]) => value), query].join(' ');
  const tokens = text.match(/[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
  const keys = Object.values(issuer.keys.good);
  return tokens.some((token) => keys.some((key) => hasSignature(token, key)));
}

function hasSignature(token: string, { alg, privateKey }: SigningKey): boolean {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const signed = Buffer.from(`${head}.${claims}`);
  const key = publicPem(privateKey);
  if (!alg.startsWith('ES')) return verify(`sha${alg.slice(2)}`, signed, key, bytes);
  return verify(`sha${alg.slice(2)}`, signed, { key, dsaEncoding: 'der' }, derOf(bytes));
}

/**
 * Returns the two numbers of an ECDSA signature in DER, including leading zeros; only the owner of the key can compute
 * them.
 */
function derOf(signature: Buffer): Buffer {
  const half = signature.length >> 1;
  const numbers = [signature.subarray(0, half), signature.subarray(half)].map((bytes) => {
    const digits = BigInt(`0x0${bytes.toString('hex')}`).toString(16);
    const number = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
    const value = number[0]! > 0x7f ? Buffer.concat([Buffer.alloc(1), number]) : number;
    return Buffer.concat([Buffer.from([2, value.length]), value]);
  });
  const body = Buffer.concat(numbers);
  return Buffer.concat([
    Buffer.from(body.length > 0x7f ? [0x30, 0x81, body.length] : [0x30, body.length]),
    body,
  ]);
}

/** Starts the configuration that FusionAuth’s page about HAProxy shows, with its placeholders filled in. */
async function startGuides({ issuer }: GatewayWorld, api: RecordingApi): Promise<GatewayProcess> {
  const port = await freePort();
  const text = readFileSync(join(import.meta.dirname, 'control/haproxy.cfg'), 'utf8')
    .replace('<LISTEN>', `127.0.0.1:${port}`)
    .replace('<YOUR_FUSIONAUTH_URL>', issuer.target.issuer)
    .replace('<YOUR_APPLICATION_ID>', issuer.target.applicationId)
    .replace('<SERVICE>', new URL(api.url).host);
  const key = { path: 'pubkey.pem', text: publicPem(issuer.keys.good.rs256.privateKey) };
  return startGatewayProcess('haproxy', port, [{ path: 'haproxy.cfg', text }, key]);
}
