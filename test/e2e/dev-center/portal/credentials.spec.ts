import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { issuerNames } from '../../../../apps/dev-center/src/issuers/index.js';
import { adaId } from '../../sandbox/started-sandbox.js';
import { readHiddenFields } from './html.js';
import { type PortalWorld, startPortalWorld } from './portal-world.js';
import type { Shown, Visitor } from './visitor.js';

let world: PortalWorld;
let ada: Visitor;
beforeAll(async () => {
  world = await startPortalWorld({ env: { TODO_API_PUBLIC_URL: 'https://todos.example.com' } });
  ada = await world.loggedIn('ada');
});
afterAll(() => world.close());

/** Sends the form of a new client and follows it to the page with the secret. */
async function issued(name: string, strategy: string, key: string = randomUUID()): Promise<Shown> {
  const placed = await ada.post('/clients/new', { name, strategy, expires: '90d', key });
  expect([placed.status, placed.location]).toEqual([303, `/orders/${key}`]);
  return ada.get(`/orders/${key}`);
}

/** The value of the field in which a secret is shown. */
const secretOn = ({ body }: Shown) => /id="secret"\s+value="([^"]+)"/.exec(body)?.[1];

async function credentialsOf(client: string) {
  const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
  const { credentials } = (await world.devCenter.run('list', { client, all: true }, io)) as {
    credentials: { id: string; strategy: string; state: string; endsAt: string | null }[];
  };
  return credentials;
}

describe('a credential from the portal', () => {
  it.each(issuerNames)(
    'by %s is shown with what a program needs, and works immediately',
    async (strategy) => {
      const page = await issued(`works-${strategy}`, strategy);
      expect(page.status).toBe(200);
      const secret = secretOn(page);
      expect(page.body).toContain(`CREDENTIAL_SOURCE=${strategy}`);
      expect(page.text).toContain('TODO_API_URL=https://todos.example.com ');
      const fields = readHiddenFields(page.body);
      const tried = await ada.post('/try', { strategy, credential: fields.get('credential')! });
      expect(tried.text).toMatch(/Answer 200 .*What decided Every check passed/);
      // Neither the form nor the answer repeats it.
      expect(tried.body).not.toContain(secret);
      expect(await credentialsOf(`works-${strategy}`)).toMatchObject([{ strategy, state: 'active' }]);
      const { rows } = await world.api.database.pool.query(
        `select distinct actor from credential_audit where client = $1`,
        [`works-${strategy}`],
      );
      expect(rows).toEqual([{ actor: `portal:${adaId}` }]);
    },
  );

  it('is revoked if the portal stops before its secret was shown', async () => {
    const stopping = await startPortalWorld();
    const visitor = await stopping.loggedIn('ada');
    await visitor.post('/clients/new', {
      name: 'unseen',
      strategy: 'api-key',
      expires: '',
      key: randomUUID(),
    });
    await stopping.devCenter.close();
    const { rows } = await stopping.api.database.pool.query('select state from credentials');
    expect(rows).toEqual([{ state: 'ended' }]);
    await stopping.close();
  });

  it('is shown once, and the same address then says so', async () => {
    const key = randomUUID();
    const first = await issued('shown-once', 'api-key', key);
    const again = await ada.get(`/orders/${key}`);
    expect(again.text).toContain('Shown once');
    expect(again.body).not.toContain(secretOn(first));
  });

  it('is created once, even if its form is sent several times, in parallel or later', async () => {
    const key = randomUUID();
    const sent = { name: 'double-click', strategy: 'email-token', expires: '', key };
    const answers = await Promise.all([1, 2, 3].map(() => ada.post('/clients/new', sent)));
    expect(answers.map(({ location }) => location)).toEqual(Array(3).fill(`/orders/${key}`));
    expect(secretOn(await ada.get(`/orders/${key}`))).toBeDefined();
    expect((await ada.post('/clients/new', sent)).location).toBe(`/orders/${key}`);
    expect((await ada.get(`/orders/${key}`)).text).toContain('Shown once');
    expect(await credentialsOf('double-click')).toHaveLength(1);
  });

  it('is shown only to the person who ordered it, in one of two tabs', async () => {
    const key = randomUUID();
    await ada.post('/clients/new', { name: 'two-tabs', strategy: 'api-key', expires: '', key });
    const bruno = await world.loggedIn('bruno');
    expect((await bruno.get(`/orders/${key}`)).status).toBe(404);
    const tabs = await Promise.all([ada.get(`/orders/${key}`), ada.get(`/orders/${key}`)]);
    expect(tabs.filter((tab) => secretOn(tab) !== undefined)).toHaveLength(1);
  });

  it('is not used up by a HEAD request', async () => {
    const key = randomUUID();
    await ada.post('/clients/new', { name: 'headed', strategy: 'api-key', expires: '', key });
    const cookie = `gatehouse-session=${ada.cookies.get('gatehouse-session')!}`;
    await fetch(`${world.url}/orders/${key}`, { method: 'HEAD', headers: { cookie } });
    expect(secretOn(await ada.get(`/orders/${key}`))).toBeDefined();
  });

  it.each([
    ['a name that no client can have', { name: 'Grün', strategy: 'api-key' }, 'The name must be'],
    ['a very long name', { name: 'x'.repeat(41), strategy: 'api-key' }, 'at most 40'],
    ['a name from right to left', { name: 'تقويم', strategy: 'api-key' }, 'lower-case letters'],
    ['a way that does not exist', { name: 'fine', strategy: 'magic' }, 'must be one of'],
    ['a span that is not one', { name: 'fine', strategy: 'api-key', expires: 'soon' }, 'must be a number'],
  ])('is not issued for %s: the form shows the reason and the input', async (_what, sent, why) => {
    const answer = await ada.post('/clients/new', { expires: '', key: randomUUID(), ...sent });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(why)]);
    expect(answer.body).toContain(`value="${sent.name}"`);
    expect(await credentialsOf('fine')).toEqual([]);
  });

  it('is not issued for an existing client in a way that does not exist: the form shows the reason', async () => {
    await issued('existing', 'api-key');
    const sent = { strategy: 'magic', expires: '', key: randomUUID() };
    const answer = await ada.post('/clients/existing/issue', sent);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('must be one of')]);
    expect(answer.body).toContain('<form');
    expect(await credentialsOf('existing')).toHaveLength(1);
  });

  it('requires a form with a key', async () => {
    const answer = await ada.post('/clients/new', { name: 'keyless', strategy: 'api-key', key: 'x' });
    expect(answer.status).toBe(400);
  });
});

describe('a credential that exists', () => {
  it('is rotated with an overlap, whose end is drawn', async () => {
    await issued('rotating', 'api-key');
    const [old] = await credentialsOf('rotating');
    const form = await ada.get(`/credentials/${old!.id}/rotate`);
    expect(form.body).toContain('<svg');
    const key = randomUUID();
    const sent = { overlap: '1h', expires: '30d', key };
    const placed = await ada.post(`/credentials/${old!.id}/rotate`, sent);
    expect(placed.location).toBe(`/orders/${key}`);
    const page = await ada.get(`/orders/${key}`);
    expect(page.text).toMatch(/The new credential is active .*The previous one works until/);
    expect(page.body).toContain('aria-label="Old and new credential: Previous credential until');
    expect((await credentialsOf('rotating')).map(({ state }) => state).sort()).toEqual([
      'active',
      'retiring',
    ]);
    // The same form again makes no third one.
    expect((await ada.post(`/credentials/${old!.id}/rotate`, sent)).location).toBe(`/orders/${key}`);
    expect(await credentialsOf('rotating')).toHaveLength(2);
  });

  it('is rotated under traffic without a refused request', async () => {
    const page = await issued('busy', 'api-key');
    const statuses: number[] = [];
    let secret = secretOn(page)!;
    const end = new AbortController();
    const traffic = (async () => {
      while (!end.signal.aborted)
        statuses.push((await fetch(`${world.api.url}/me`, { headers: { 'x-api-key': secret } })).status);
    })();
    const [{ id } = { id: '' }] = await credentialsOf('busy');
    const key = randomUUID();
    await ada.post(`/credentials/${id}/rotate`, { overlap: '24h', expires: '', key });
    secret = secretOn(await ada.get(`/orders/${key}`))!;
    const before = statuses.length;
    while (statuses.length < before + 5) await ada.get('/clients/busy');
    end.abort();
    await traffic;
    expect([before > 0, new Set(statuses)]).toEqual([true, new Set([200])]);
  });

  it('is rotated once if two tabs do so at the same time', async () => {
    await issued('two-tabs-rotate', 'api-key');
    const [{ id } = { id: '' }] = await credentialsOf('two-tabs-rotate');
    const keys = [randomUUID(), randomUUID()];
    const sent = { overlap: '1h', expires: '' };
    await Promise.all(keys.map((key) => ada.post(`/credentials/${id}/rotate`, { ...sent, key })));
    const orders = await Promise.all(keys.map((key) => ada.get(`/orders/${key}`)));
    expect(orders.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await credentialsOf('two-tabs-rotate')).toHaveLength(2);
  });

  it('cannot be rotated again during an overlap; the page says to wait or to revoke it', async () => {
    const [one] = (await credentialsOf('rotating')).filter(({ state }) => state === 'active');
    const key = randomUUID();
    await ada.post(`/credentials/${one!.id}/rotate`, { overlap: '1h', expires: '', key });
    const answer = await ada.get(`/orders/${key}`);
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('is already being replaced')]);
  });

  it('is revoked after a page that states the effects, and stays revoked if the form is sent twice', async () => {
    await issued('revoking', 'api-key');
    const [{ id } = { id: '' }] = await credentialsOf('revoking');
    const asked = await ada.get(`/credentials/${id}/revoke`);
    expect(asked.text).toMatch(
      /What is affected Every copy of an API key.*How fast The Todo API refuses it after CREDENTIAL_CACHE_SECONDS/,
    );
    for (const _time of [1, 2]) {
      const { status, location } = await ada.post(`/credentials/${id}/revoke`);
      expect([status, location]).toEqual([303, '/clients/revoking?notice=revoked']);
    }
    expect(await credentialsOf('revoking')).toMatchObject([{ state: 'ended' }]);
    expect((await ada.get('/clients/revoking?notice=revoked')).text).toContain('is revoked in FusionAuth');
  });

  it('is shown with its strategy, state, last use and expiry', async () => {
    await issued('warned', 'email-token');
    const [{ id } = { id: '' }] = await credentialsOf('warned');
    await ada.post('/clients/warned/issue', { strategy: 'api-key', expires: '7d', key: randomUUID() });
    const page = await ada.get('/clients/warned');
    expect(page.text).toMatch(/E-mail and token active never \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(page.body).toContain(id);
  });
});

describe('while FusionAuth is away', () => {
  afterEach(() => world.sandbox.faults.clear());

  it('nothing is issued: the page is 503, and the same form works afterwards', async () => {
    const key = randomUUID();
    const sent = { name: 'in-an-outage', strategy: 'api-key', expires: '', key };
    const formToken = await ada.formToken();
    world.sandbox.faults.set('*', { answer: 'reset' });
    const answer = await ada.send('/clients/new', { ...sent, formToken }, { origin: world.url });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.text).toContain('Nothing was changed');
    world.sandbox.faults.clear();
    await ada.post('/clients/new', sent);
    expect(secretOn(await ada.get(`/orders/${key}`))).toBeDefined();
  });

  it('a revocation says that the credential is not revoked, and is made as soon as FusionAuth is back', async () => {
    await issued('revoked-later', 'api-key');
    const [{ id } = { id: '' }] = await credentialsOf('revoked-later');
    world.sandbox.faults.set('DELETE /api/api-key', { answer: 'reset' });
    const answer = await ada.post(`/credentials/${id}/revoke`);
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('is NOT revoked')]);
    expect(await credentialsOf('revoked-later')).toMatchObject([{ state: 'overdue' }]);
    world.sandbox.faults.clear();
    while ((await credentialsOf('revoked-later'))[0]?.state !== 'ended') await delay(200);
  });

  it('a secret is not shown, and is shown afterwards', async () => {
    const key = randomUUID();
    await ada.post('/clients/new', { name: 'shown-later', strategy: 'api-key', expires: '', key });
    world.sandbox.faults.set('*', { answer: 'reset' });
    expect((await ada.get(`/orders/${key}`)).status).toBe(503);
    world.sandbox.faults.clear();
    expect(secretOn(await ada.get(`/orders/${key}`))).toBeDefined();
  });

  it('nobody can log in, and a person who is logged in sees their own clients', async () => {
    world.sandbox.faults.set('*', { answer: 'reset' });
    expect((await world.visitor().get('/login')).status).toBe(503);
    expect((await ada.get('/clients')).status).toBe(200);
    const page = await ada.get('/clients/warned');
    expect([page.status, page.text]).toEqual([200, expect.stringMatching(/could not be checked|not answer/)]);
    // The home page shows a check that may be a second old.
    while (!(await ada.get('/')).text.includes('FusionAuth down')) await delay(100);
  });

  it.each([
    ['is away', '*', { answer: 'reset' }],
    ['fails', 'POST /oauth2/token', { status: 500 }],
    ['is too slow', 'POST /oauth2/token', { delayMs: 6_000 }],
  ] as const)(
    'a log-in in progress is 503 and can be repeated: FusionAuth %s',
    async (_what, operation, fault) => {
      const visitor = world.visitor();
      const callback = await visitor.atFusionAuth(world.person('ada'));
      world.sandbox.faults.set(operation, fault);
      expect((await visitor.get(callback)).status).toBe(503);
      world.sandbox.faults.clear();
      expect((await visitor.logIn(world.person('ada'))).status).toBe(303);
    },
  );

  it('a person can log out', async () => {
    const bruno = await world.loggedIn('bruno');
    const formToken = await bruno.formToken();
    world.sandbox.faults.set('*', { answer: 'reset' });
    expect((await bruno.send('/logout', { formToken }, { origin: world.url })).status).toBe(303);
  });
});
