import { randomUUID } from 'node:crypto';
import { call, lock, tenantId } from '../../sandbox/started-sandbox.js';
import { changeUser, deactivate, newPerson, setRoles } from './people.js';
import { type PortalWorld, startPortalWorld } from './portal-world.js';
import type { Visitor } from './visitor.js';

let ahead = 0;
let world: PortalWorld;
beforeAll(async () => {
  world = await startPortalWorld({ clock: () => Date.now() + ahead });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
const fiveSecondsLater = () => void (ahead += 5_000);

/** A person with a session of the portal. */
async function loggedIn(
  roles: readonly string[],
): Promise<{ readonly id: string; readonly visitor: Visitor }> {
  const person = await newPerson(world, { email: `${randomUUID()}@example.com`, verified: true }, roles);
  const visitor = world.visitor();
  expect((await visitor.logIn(person)).status).toBe(303);
  return { id: person.id, visitor };
}

/** Issues an API key for a new client, by the command line. Resolves with its id. */
async function issued(client: string, owner: string): Promise<string> {
  const args = { client, strategy: 'api-key', roles: 'todo-reader,todo-writer', owner };
  const { credential } = (await world.devCenter.run('issue', args, io)) as { credential: string };
  return credential;
}

async function stateOf(client: string): Promise<string[]> {
  const { credentials } = (await world.devCenter.run('list', { client, all: true }, io)) as {
    credentials: { state: string }[];
  };
  return credentials.map(({ state }) => state);
}

const statuses = async (visitor: Visitor, paths: readonly string[]) =>
  Promise.all(paths.map(async (path) => (await visitor.get(path)).status));

describe('the role portal-admin, once it is revoked', () => {
  it.each([
    ['issue', (client: string) => `/clients/${client}/issue`],
    ['rotate', (_client: string, credential: string) => `/credentials/${credential}/rotate`],
    ['revoke', (_client: string, credential: string) => `/credentials/${credential}/revoke`],
  ])('permits no change, even on a page that was just shown: %s', async (what, pathOf) => {
    const client = `of-ada-to-${what}`;
    const path = pathOf(client, await issued(client, 'ada@example.com'));
    const { id, visitor } = await loggedIn(['portal-admin']);
    expect((await visitor.get(path)).status).toBe(200);
    await setRoles(world, id, ['todo-reader']);
    const sent = { strategy: 'api-key', overlap: '1h', expires: '', key: randomUUID() };
    expect((await visitor.post(path, sent)).status).toBe(404);
    expect(await stateOf(client)).toEqual(['active']);
  });

  it('shows nothing of other people five seconds later, even in a session that began with it', async () => {
    const credential = await issued('of-bruno', 'bruno@example.com');
    const { id, visitor } = await loggedIn(['portal-admin']);
    const lists = ['/clients', '/activity', '/audit'];
    for (const path of lists) expect((await visitor.get(path)).text).toContain('of-bruno');

    await setRoles(world, id, ['todo-reader']);
    fiveSecondsLater();

    for (const path of lists) expect((await visitor.get(path)).text).not.toContain('of-bruno');
    const single = ['/clients/of-bruno', `/credentials/${credential}/rotate`];
    expect(await statuses(visitor, single)).toEqual([404, 404]);
    const setUp = 'How FusionAuth is configured';
    expect((await visitor.post('/doctor', { credential: 'x' })).text).not.toContain(setUp);
    expect((await visitor.get('/clients')).text).not.toContain('portal-admin');
  });

  it('shows nothing of other people after a change was refused', async () => {
    const { id, visitor } = await loggedIn(['portal-admin']);
    expect((await visitor.get('/clients')).text).toContain('All clients');
    await setRoles(world, id, ['todo-reader']);
    await visitor.post(`/credentials/${randomUUID()}/revoke`);
    expect((await visitor.get('/clients')).text).toContain('Your clients');
  });
});

describe('the role portal-admin, once it is granted', () => {
  it('shows every client five seconds later, without another log-in', async () => {
    await issued('of-chiyo', 'chiyo@example.com');
    const { id, visitor } = await loggedIn(['todo-reader']);
    expect((await visitor.get('/clients')).text).not.toContain('of-chiyo');
    await setRoles(world, id, ['portal-admin']);
    fiveSecondsLater();
    expect((await visitor.get('/clients')).text).toContain('of-chiyo');
  });
});

describe('an account without access', () => {
  it.each([
    ['deactivated', (id: string) => deactivate(world, id)],
    ['locked', (id: string) => lock(world.sandbox, id)],
    ['expired', (id: string) => changeUser(world, id, { expiry: world.sandbox.clock.now() })],
  ])(
    '%s: changes nothing, sees no page of its own five seconds later, and can log out',
    async (what, end) => {
      const { id, visitor } = await loggedIn(['todo-reader']);
      const pages = ['/clients', '/clients/new', '/doctor', '/activity', '/audit'];
      expect(await statuses(visitor, pages)).toEqual([200, 200, 200, 200, 200]);

      await end(id);

      const sent = { name: `of-${what}`, strategy: 'api-key', expires: '', key: randomUUID() };
      expect((await visitor.post('/clients/new', sent)).status).toBe(403);
      fiveSecondsLater();
      expect(await statuses(visitor, pages)).toEqual([403, 403, 403, 403, 403]);
      expect((await visitor.post('/doctor', { credential: 'x' })).status).toBe(403);
      expect((await visitor.post('/logout')).status).toBe(303);
    },
  );

  it('locked for another application has access', async () => {
    const { id, visitor } = await loggedIn(['todo-reader']);
    const other = randomUUID();
    const application = { name: 'Another', tenantId };
    await call(world.sandbox, 'POST', `/api/application/${other}`, { application });
    await lock(world.sandbox, id, { applicationIds: [other] });
    fiveSecondsLater();
    expect(await statuses(visitor, ['/clients'])).toEqual([200]);
  });
});

describe('the pages of an administrator', () => {
  it('are 503 while FusionAuth is unavailable where they show other people’s clients, and only there', async () => {
    await issued('of-another', 'ada@example.com');
    const { id, visitor } = await loggedIn(['portal-admin', 'todo-reader']);
    await issued('of-admin', id);
    world.sandbox.faults.set('*', { answer: 'reset' });
    const beyond = ['/clients', '/activity', '/audit', '/clients/of-another'];
    expect(await statuses(visitor, beyond)).toEqual([503, 503, 503, 503]);
    expect(await statuses(visitor, ['/', '/clients/of-admin', '/doctor'])).toEqual([200, 200, 200]);
  });

  it('ask FusionAuth once for many requests', async () => {
    const { visitor } = await loggedIn(['portal-admin']);
    fiveSecondsLater();
    world.sandbox.requests.clear();
    await statuses(visitor, Array<string>(5).fill('/doctor'));
    expect(world.sandbox.requests.count('GET /api/user')).toBe(1);
  });
});

describe('the pages of everybody else', () => {
  it('show the person’s own clients while FusionAuth refuses the key of the Dev Center', async () => {
    const { id, visitor } = await loggedIn(['todo-reader']);
    await issued('of-a-refused-key', id);
    fiveSecondsLater();
    world.sandbox.faults.set('GET /api/user', { status: 401 });
    const { status, text } = await visitor.get('/clients');
    expect([status, text]).toEqual([200, expect.stringContaining('of-a-refused-key')]);
    expect((await visitor.post('/clients/new')).status).toBe(500);
  });

  it('wait a second and a half for a FusionAuth that is slow, and again for warnings, and then show the person’s own clients', async () => {
    const { id, visitor } = await loggedIn(['todo-reader']);
    await issued('of-somebody', id);
    fiveSecondsLater();
    world.sandbox.faults.set('*', { delayMs: 4_900 });
    for (const path of ['/clients', '/clients/of-somebody']) {
      const began = performance.now();
      const { status, text } = await visitor.get(path);
      expect([status, text]).toEqual([200, expect.stringContaining('of-somebody')]);
      expect(performance.now() - began).toBeLessThan(4_800);
    }
  });
});
