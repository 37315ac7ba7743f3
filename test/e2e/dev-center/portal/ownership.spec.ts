import { randomUUID } from 'node:crypto';
import { type PortalWorld, startPortalWorld } from './portal-world.js';
import type { Visitor } from './visitor.js';

let world: PortalWorld;
let ada: Visitor;
let bruno: Visitor;
let grace: Visitor;
const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
const roles = 'todo-reader,todo-writer';

interface Listed {
  readonly credentials: readonly { id: string; state: string; roles: string[]; owner: string | null }[];
}
const listed = async (client: string) =>
  ((await world.devCenter.run('list', { client, all: true }, io)) as Listed).credentials;
/** By the command line, for the person with this address. */
async function made(client: string, owner: string, more: object = {}): Promise<string> {
  const args = { client, strategy: 'api-key', roles, owner: `${owner}@example.com`, ...more };
  const { credential } = (await world.devCenter.run('issue', args, io)) as { credential: string };
  return credential;
}
const order = (more: object = {}) => ({ strategy: 'api-key', expires: '', key: randomUUID(), ...more });

beforeAll(async () => {
  world = await startPortalWorld();
  [ada, bruno, grace] = await Promise.all([
    world.loggedIn('ada'),
    world.loggedIn('bruno'),
    world.loggedIn('grace'),
  ]);
});
afterAll(() => world.close());

describe('a client of somebody else', () => {
  let credential: string;
  beforeAll(async () => {
    credential = await made('of-ada', 'ada');
  });

  it.each([
    ['its page', () => '/clients/of-ada'],
    ['the form for another credential', () => '/clients/of-ada/issue'],
    ['the form to rotate', () => `/credentials/${credential}/rotate`],
    ['the form to revoke', () => `/credentials/${credential}/revoke`],
  ])('does not exist for another developer: %s', async (_what, path) => {
    expect((await bruno.get(path())).status).toBe(404);
    expect((await ada.get(path())).status).toBe(200);
  });

  it.each([
    ['to issue', () => '/clients/of-ada/issue'],
    ['to rotate', () => `/credentials/${credential}/rotate`],
    ['to revoke', () => `/credentials/${credential}/revoke`],
  ])('does not exist for another developer %s, and is unchanged', async (_what, path) => {
    const before = await listed('of-ada');
    expect((await bruno.post(path(), order({ overlap: '0s' }))).status).toBe(404);
    expect(await listed('of-ada')).toEqual(before);
  });

  it('is answered like one that does not exist', async () => {
    const [theirs, none] = await Promise.all([bruno.get('/clients/of-ada'), bruno.get('/clients/of-nobody')]);
    expect(theirs.text).toBe(none.text);
  });

  it('is not found by a text that is not an id', async () => {
    expect((await ada.get('/credentials/of-ada/revoke')).status).toBe(404);
  });

  it('is in no list of another developer: clients, activity, audit trail', async () => {
    for (const path of ['/clients', '/activity', '/audit']) {
      expect((await bruno.get(path)).text).not.toContain('of-ada');
      expect((await ada.get(path)).text).toContain('of-ada');
    }
  });

  it('cannot be issued for by its name, which is in use', async () => {
    const answer = await bruno.post('/clients/new', order({ name: 'of-ada' }));
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('is taken')]);
    expect(await listed('of-ada')).toHaveLength(1);
  });

  it('can be managed by an administrator, and still belongs to its owner', async () => {
    const id = await made('handled-by-grace', 'ada');
    expect((await grace.get('/clients')).text).toContain('handled-by-grace');
    expect((await grace.post(`/credentials/${id}/revoke`)).location).toBe(
      '/clients/handled-by-grace?notice=revoked',
    );
    expect(await listed('handled-by-grace')).toMatchObject([{ state: 'ended', owner: 'ada@example.com' }]);
  });
});

describe('the roles of a client', () => {
  it('are todo-reader and todo-writer, on the developer’s own todos, if a developer creates it', async () => {
    const { location } = await ada.post('/clients/new', order({ name: 'plain' }));
    await ada.get(location!);
    expect(await listed('plain')).toMatchObject([
      { roles: ['todo-reader', 'todo-writer'], owner: 'ada@example.com' },
    ]);
  });

  it('cannot include todo-auditor if a developer creates it: 403, and no client', async () => {
    const sent = order({ name: 'greedy', 'role-todo-auditor': 'on' });
    expect((await ada.post('/clients/new', sent)).status).toBe(403);
    expect((await ada.get('/clients/greedy')).status).toBe(404);
  });

  it('may include todo-auditor if an administrator grants it', async () => {
    const sent = order({ name: 'auditing', 'role-todo-auditor': 'on', 'role-todo-reader': 'on' });
    const { location } = await grace.post('/clients/new', sent);
    await grace.get(location!);
    expect(await listed('auditing')).toMatchObject([{ roles: ['todo-reader', 'todo-auditor'] }]);
  });

  it('stop its owner from issuing and rotating if an operator has extended them, but not from revoking', async () => {
    const id = await made('mighty', 'ada', { roles: 'todo-reader,todo-auditor' });
    for (const path of ['/clients/mighty/issue', `/credentials/${id}/rotate`]) {
      expect((await ada.get(path)).status).toBe(403);
      expect((await ada.post(path, order({ overlap: '0s' }))).status).toBe(403);
    }
    expect(await listed('mighty')).toHaveLength(1);
    expect((await ada.post(`/credentials/${id}/revoke`)).status).toBe(303);
    expect(await listed('mighty')).toMatchObject([{ state: 'ended' }]);
  });
});
