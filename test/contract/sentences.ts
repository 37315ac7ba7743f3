import { everyOperation, type Fault } from '../../tools/sandbox/src/controls/faults.js';
import {
  type Context,
  expectAccepted,
  expectRefused,
  graceSeconds,
  losesAccess,
  refusalsOf,
  sameAnswers,
  summary,
  trick,
  trustSeconds,
} from './context.js';
import type { Answer } from './contract-world.js';
import { otherKind, otherStrategy, twice } from './hostile-requests.js';
import type { Issued, Tricks } from './mode.js';

export interface Sentence {
  readonly title: string;
  readonly holds: (context: Context) => Promise<unknown>;
}

const sentence = (title: string, holds: Sentence['holds']): Sentence => ({ title, holds });

const unauthorized = [401, 'invalid_token'] as const;
const unavailable = [503, 'authentication_unavailable'] as const;

/** Expects the credential of a trick to be refused, always with the same public 401. */
const refuses = (title: string, name: keyof Tricks): Sentence =>
  sentence(title, async (context) => {
    const make = trick(context, name) as NonNullable<Tricks['unknown']>;
    return expectRefused(context, await make(context.world), ...unauthorized);
  });

/** Expects a credential that needs a call to get 503 during this fault of FusionAuth, and to be accepted afterwards. */
const outage = (title: string, fault: Fault): Sentence =>
  sentence(title, async (context) => {
    const { sandbox } = context.world;
    const [before, during] = [await context.issue(), await context.issue()];
    await expectAccepted(context, before);
    const remote = context.mode.calls.length > 0;
    sandbox.faults.set(everyOperation, fault);
    try {
      // Local verification needs FusionAuth only for its keys: a cold guard cannot decide, a warm one continues.
      const door = remote ? context.door : await context.open({});
      const started = Date.now();
      const answer = await door.get('/todos', during.headers);
      expect(summary(answer)).toEqual([503, 'authentication_unavailable']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.headers.get('www-authenticate')).toBeNull();
      expect(Date.now() - started).toBeLessThan(2_000);
      if (!remote) await expectAccepted(context, during);
    } finally {
      sandbox.faults.clear();
    }
    await expectAccepted(context, during);
  });

export const sentences: readonly Sentence[] = [
  sentence('accepts a valid credential', async (context) => expectAccepted(context, await context.issue())),

  sentence('passes on the principal: kind, strategy and roles', async ({ door, issue, mode }) => {
    const { text } = await door.get('/me', (await issue()).headers);
    expect(JSON.parse(text)).toMatchObject({
      kind: mode.name.startsWith('jwt') || mode.name === 'email-token' ? 'user' : 'machine',
      via: mode.env['AUTH_STRATEGY'],
      roles: ['todo-reader'],
    });
  }),

  sentence('removes the credential from the request once it is verified', async ({ door, issue }) => {
    const issued = await issue();
    const { text, status } = await door.get('/headers', issued.headers);
    expect(status).toBe(200);
    for (const secret of issued.secrets) expect(text).not.toContain(secret);
  }),

  sentence(
    'answers a request without a credential with 401 and a challenge without an error',
    async ({ door, issue }) => {
      const answer = await door.get('/todos');
      expect(summary(answer)).toEqual([401, 'credential_required']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^\w+ realm="/);
      expect(answer.headers.get('www-authenticate')).not.toContain('error');
      expect((await door.get('/todos', (await issue()).headers)).status).toBe(200);
    },
  ),

  sentence('answers a malformed credential with 400', async (context) => {
    for (const headers of context.mode.tricks.malformed)
      await expectRefused(context, { headers, secrets: [] }, 400, 'invalid_request');
  }),

  sentence('answers a credential sent twice with 400, even if one of the two is valid', async (context) => {
    const [good, unknown] = [await context.issue(), await context.mode.tricks.unknown(context.world)];
    for (const [one, two] of [
      [good, unknown],
      [unknown, good],
      [good, good],
    ] as const)
      expect(await twice(context.door.url, one.headers, two.headers)).toEqual([400, 'invalid_request']);

    await expectAccepted(context, good);
  }),

  sentence(
    'answers two kinds of credentials with 400, and asks FusionAuth about neither',
    async (context) => {
      const own = context.mode.env['AUTH_STRATEGY'] ?? '';
      const door = await context.open({ AUTH_STRATEGY: `${own},${otherStrategy(context.mode)}` });
      const good = await context.issue();
      const both = { ...good.headers, ...otherKind(context.mode) };
      expect(summary(await door.get('/todos', both))).toEqual([400, 'invalid_request']);
      expect(summary(await door.get('/todos', good.headers))).toEqual([200, undefined]);
    },
  ),

  sentence('ignores a credential of a disabled strategy', async ({ door, issue, mode }) => {
    expect(summary(await door.get('/todos', otherKind(mode)))).toEqual([401, 'credential_required']);
    const good = await issue();
    expect((await door.get('/todos', { ...good.headers, ...otherKind(mode) })).status).toBe(
      'authorization' in otherKind(mode) && 'authorization' in good.headers ? 401 : 200,
    );
  }),

  sentence('answers a credential in the query with 400', async ({ door, issue }) => {
    const good = await issue();
    const { status, code, text } = await door.get('/todos?access_token=in-the-query-string', good.headers);
    expect([status, code]).toEqual([400, 'invalid_request']);
    expect(text).not.toContain('in-the-query-string');
  }),

  refuses('refuses a well-formed credential that nobody issued', 'unknown'),
  refuses('refuses a known login with a wrong secret', 'wrongSecret'),
  refuses('refuses a credential meant for another API', 'wrongAudience'),
  refuses('refuses a token that proves registration for another application', 'otherApplication'),
  refuses('refuses a credential of another tenant', 'otherTenant'),
  sentence('distinguishes users who have the same e-mail in two tenants', async (context) => {
    const own = await context.issue();
    const foreign = await trick(context, 'otherTenant')(context.world, own.email);
    await expectRefused(context, foreign, ...unauthorized);
    await expectAccepted(context, own);
  }),
  refuses('refuses an ID token in place of an access token', 'idToken'),
  refuses('refuses a token that is bound to a key (cnf) as a bearer token', 'bound'),
  refuses('refuses the real password in place of the authentication token', 'realPassword'),

  sentence(
    'refuses a key with permissions beyond this API with 403, and raises an alarm',
    async (context) => {
      const powerful = await trick(context, 'overPrivileged')(context.world);
      await expectRefused(context, powerful, 403, 'over_privileged_key');
      expect(await context.door.written()).toContain('"event":"over-privileged-key"');
    },
  ),

  sentence('refuses an expired credential', async (context) =>
    losesAccess(context, trick(context, 'expire'), unauthorized),
  ),
  sentence('refuses a revoked credential once the cache time is over', async (context) =>
    losesAccess(context, trick(context, 'revoke'), unauthorized),
  ),
  sentence('refuses a locked user once the cache time is over', async (context) =>
    losesAccess(context, trick(context, 'lock'), unauthorized),
  ),
  sentence('refuses a deactivated user once the cache time is over', async (context) =>
    losesAccess(context, trick(context, 'deactivate'), unauthorized),
  ),
  sentence('refuses a deleted user or machine once the cache time is over', async (context) =>
    losesAccess(context, trick(context, 'removeUser'), unauthorized),
  ),
  sentence('removes a role once the cache time is over', async (context) => {
    // By push the token is revoked, and the next one has the current roles.
    const answer = context.mode.tricks.logInAgain ? unauthorized : ([403, 'insufficient_scope'] as const);
    return losesAccess(
      context,
      async (world, issued) => trick(context, 'setRoles')(world, issued, []),
      answer,
    );
  }),
  sentence('refuses a revoked credential as soon as FusionAuth’s webhook is answered', async (context) => {
    const issued = await context.issue();
    await expectAccepted(context, issued);
    await trick(context, 'revoke')(context.world, issued);
    await context.world.sandbox.webhooks.settled();
    await expectRefused(context, issued, ...unauthorized);
  }),
  sentence('refuses a token that was issued in the second in which its user was revoked', async (context) => {
    const logInAgain = trick(context, 'logInAgain');
    const before = await context.issue();
    await trick(context, 'deactivate')(context.world, before);
    await context.world.sandbox.webhooks.settled();
    await context.world.admin('PUT', `/api/user/${before.userId ?? ''}?reactivate=true`);
    await expectRefused(context, await logInAgain(context.world, before), ...unauthorized);
  }),
  sentence(
    'accepts a token that was issued in a later second than the revocation of its user',
    async (context) => {
      const logInAgain = trick(context, 'logInAgain');
      const before = await context.issue();
      await trick(context, 'setRoles')(context.world, before, ['todo-reader', 'todo-writer']);
      await context.world.sandbox.webhooks.settled();
      await expectRefused(context, before, ...unauthorized);
      context.world.sandbox.clock.advance(1_000);
      await expectAccepted(context, await logInAgain(context.world, before));
    },
  ),
  sentence('refuses a token that FusionAuth reports as inactive', async (context) => {
    const { sandbox } = context.world;
    const issued = await context.issue();
    sandbox.settings.strictIntrospection = true;
    await context.world.admin('DELETE', `/api/user/${issued.userId ?? ''}`);
    await expectRefused(context, issued, ...unauthorized).finally(
      () => (sandbox.settings.strictIntrospection = false),
    );
  }),

  sentence('refuses a user who is not registered for the application', async (context) => {
    const token = context.mode.name !== 'email-token';
    const [status, code] = token ? [403, 'insufficient_scope'] : unauthorized;
    return expectRefused(context, await context.issue({ registered: false }), status, code);
  }),

  sentence('answers a principal without the role with 403', async (context) => {
    const issued = await context.issue();
    const answer = await context.door.get('/admin', issued.headers);
    expect(summary(answer)).toEqual([403, 'insufficient_scope']);
    await expectAccepted(context, issued);
  }),

  outage('answers 503 while FusionAuth drops connections, and recovers', { answer: 'reset' }),
  outage('answers 503 while FusionAuth hangs, within two seconds, and recovers', { answer: 'hang' }),
  outage('answers 503 while FusionAuth is slow, and recovers', { delayMs: 3_000 }),
  outage('answers 503 while FusionAuth answers 500, and recovers', { status: 500 }),
  outage('answers 503 while FusionAuth answers 429, and recovers', { status: 429 }),
  outage('answers 503 while FusionAuth answers garbage, and recovers', { answer: 'garbage' }),
  outage('answers 503 while FusionAuth answers with a page, and recovers', { answer: 'html' }),
  outage('answers 503 while FusionAuth redirects, and recovers', { answer: 'redirect' }),

  sentence(
    'answers 503 with an alarm, not 401, when FusionAuth refuses our own credentials',
    async (context) => {
      const broken = await context.open({
        FUSIONAUTH_API_KEY: 'x'.repeat(40),
        FUSIONAUTH_CLIENT_SECRET: 'wrong',
      });
      const issued = await context.issue();
      expect(summary(await broken.get('/todos', issued.headers))).toEqual([
        503,
        'authentication_unavailable',
      ]);
      expect(await broken.written()).toMatch(/"level":"error".*"blame":"own-credentials"/);
      await expectAccepted(context, issued);
    },
  ),

  sentence('calls FusionAuth once for fifty simultaneous requests', async (context) => {
    const { sandbox } = context.world;
    // Locally the only call is for the key of a token signed by a new key. By push, the event of the rotation triggers
    // that fetch.
    const local = context.mode.calls.length === 0;
    sandbox.requests.clear();
    if (local) await sandbox.rotateKey();
    await sandbox.webhooks.settled();
    sandbox.clock.advance(5_000);
    const issued = await context.issue();
    if (!local) sandbox.requests.clear();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => context.door.get('/todos', issued.headers)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const calls = local ? ['GET /.well-known/jwks.json'] : context.mode.calls;
    for (const call of calls) expect([call, sandbox.requests.count(call)]).toEqual([call, 1]);
  }),

  sentence(
    'trusts a verified credential for the cache time, to the millisecond on the given clock',
    async (context) => {
      const { clock, requests } = context.world.sandbox;
      const [call = ''] = context.mode.calls;
      const issued = await context.issue();
      await expectAccepted(context, issued);
      const asked = requests.count(call);
      clock.advance(trustSeconds * 1000 - 1);
      await expectAccepted(context, issued);
      expect(requests.count(call)).toBe(asked);
      clock.advance(1);
      await expectAccepted(context, issued);
      expect(requests.count(call)).toBe(asked + 1);
    },
  ),

  sentence(
    'accepts through an outage what it accepted before, for the grace period and no longer',
    async (context) => {
      const { clock, faults } = context.world.sandbox;
      const issued = await context.issue();
      await expectAccepted(context, issued);
      faults.set(everyOperation, { answer: 'reset' });
      try {
        clock.advance(trustSeconds * 1000);
        await expectAccepted(context, issued);
        expect(context.door.authenticator.readiness()).toMatchObject({
          ready: true,
          reasons: [expect.stringContaining('FusionAuth does not answer')],
        });
        clock.advance(graceSeconds * 1000 - 1);
        await expectAccepted(context, issued);
        clock.advance(1);
        expect(summary(await context.door.get('/todos', issued.headers))).toEqual(unavailable);
        const written = await context.door.written();
        expect(written).toMatch(/gatehouse_graced_total\{via="[a-z-]+"\} [1-9]/);
        expect(written).toMatch(/gatehouse_fusionauth_trouble\{via="[a-z-]+",trouble="silent"\} 1/);
      } finally {
        faults.clear();
      }
      clock.advance(1_000);
      await expectAccepted(context, issued);
      expect(context.door.authenticator.readiness()).toEqual({ ready: true, reasons: [] });
    },
  ),

  sentence('gives no grace period to what FusionAuth refused before the outage', async (context) => {
    const { clock, faults } = context.world.sandbox;
    const issued = await context.issue();
    await expectAccepted(context, issued);
    await trick(context, 'revoke')(context.world, issued);
    clock.advance(trustSeconds * 1000);
    await expectRefused(context, issued, ...unauthorized);
    clock.advance(trustSeconds * 1000);
    faults.set(everyOperation, { answer: 'reset' });
    const answer = await context.door.get('/todos', issued.headers).finally(() => faults.clear());
    expect(summary(answer)).toEqual(unavailable);
    await expectAccepted(context, await context.issue());
  }),

  sentence('asks FusionAuth once about a credential that it refuses, for the cache time', async (context) => {
    const { clock, requests } = context.world.sandbox;
    const [call = ''] = context.mode.calls;
    const [refused] = await refusalsOf(context, 1);
    const ask = async () => summary(await context.door.get('/todos', refused?.headers));
    requests.clear();
    for (let turn = 0; turn < 5; turn += 1) expect(await ask()).toEqual(unauthorized);
    expect(requests.count(call)).toBe(1);
    clock.advance(trustSeconds * 1000);
    expect(await ask()).toEqual(unauthorized);
    expect(requests.count(call)).toBe(2);
    await expectAccepted(context, await context.issue());
  }),

  sentence(
    'stops calling FusionAuth for an address whose credentials it keeps refusing, and serves a known client there',
    async (context) => {
      const { clock } = context.world.sandbox;
      const door = await context.open({ REFUSED_ATTEMPTS_PER_MINUTE: '2' });
      const ask = async ({ headers }: Issued) => summary(await door.get('/todos', headers));
      const [neighbour, newcomer] = [await context.issue(), await context.issue()];
      expect(await ask(neighbour)).toEqual([200, undefined]);
      for (let turn = 0; turn < 2; turn += 1)
        for (const refused of await refusalsOf(context, 1)) expect(await ask(refused)).toEqual(unauthorized);

      const answer = await door.get('/todos', newcomer.headers);
      expect(summary(answer)).toEqual([429, 'too_many_requests']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      clock.advance(trustSeconds * 1000);
      expect(await ask(neighbour)).toEqual([200, undefined]);
      clock.advance(60_000);
      expect(await ask(newcomer)).toEqual([200, undefined]);
    },
  ),

  sentence('reports a client’s remaining requests, and refuses those beyond its limit', async (context) => {
    const door = await context.open({ REQUESTS_PER_MINUTE: '2' });
    const [issued, other] = [await context.issue(), await context.issue()];
    const ask = async ({ headers }: Issued) => door.get('/todos', headers);
    const left = async () => (await ask(issued)).headers.get('ratelimit');
    expect([await left(), await left()]).toEqual(['"client";r=1;t=60', '"client";r=0;t=60']);
    const answer = await ask(issued);
    expect(summary(answer)).toEqual([429, 'too_many_requests']);
    expect([answer.headers.get('retry-after'), answer.headers.get('ratelimit-policy')]).toEqual([
      '60',
      '"client";q=2;w=60',
    ]);
    expect(summary(await ask(other))).toEqual([200, undefined]);
    context.world.sandbox.clock.advance(60_000);
    expect(summary(await ask(issued))).toEqual([200, undefined]);
  }),

  sentence('treats every status of the Login API but 200 by its meaning', async (context) => {
    const { faults } = context.world.sandbox;
    const meanings: [status: number, answer: readonly [number, string]][] = [
      ...[202, 203, 212, 213, 242, 404, 409, 410, 423].map(
        (status) => [status, unauthorized] as [number, typeof unauthorized],
      ),
      ...[204, 301, 400, 401, 429, 500, 503].map(
        (status) => [status, unavailable] as [number, typeof unavailable],
      ),
    ];
    for (const [status, answer] of meanings) {
      const issued = await context.issue();
      faults.set('POST /api/login', { status, times: 1 });
      expect([status, ...summary(await context.door.get('/todos', issued.headers))]).toEqual([
        status,
        ...answer,
      ]);
      await expectAccepted(context, await context.issue());
    }
  }),

  sentence('is not affected by a refusal: the next valid credential is accepted', async (context) => {
    const unknown = await context.mode.tricks.unknown(context.world);
    for (let round = 0; round < 3; round += 1) await expectRefused(context, unknown, ...unauthorized);
  }),

  sentence('does not stop calling FusionAuth because callers are refused', async (context) => {
    for (const issued of await refusalsOf(context, 8))
      expect((await context.door.get('/todos', issued.headers)).status).toBe(401);

    await expectAccepted(context, await context.issue());
  }),

  sentence('gives the same answer to an unknown login and to a wrong secret', async (context) => {
    const { unknown, wrongSecret, wrongAudience, otherTenant } = context.mode.tricks;
    const other = wrongSecret ?? wrongAudience ?? otherTenant;
    const answers: Answer[] = [];
    for (const make of [unknown, other])
      if (make) answers.push(await context.door.get('/todos', (await make(context.world)).headers));

    sameAnswers(answers);
  }),
];
