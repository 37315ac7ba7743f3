import { ask, Ground, partOf, post } from './ground.js';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.remove());

const family = 'ABCDEF01-2345-6789-ABCD-EF0123456789';
const [parent, child] = ['11111111-2222-4333-8444-555555555551', '11111111-2222-4333-8444-555555555552'];
const path = `/api/user/family/${family}`;

const user = (id: string) =>
  post(`/api/user/${id}`, { user: { email: `${id}@example.com`, password: 'password' } });
const member = (userId: string, role: string, owner: unknown = false) => ({
  familyMember: { userId, role, owner },
});
const requests = [
  user(parent),
  user(child),
  post(path, member(parent, 'Adult', 'true')),
  { method: 'PUT', url: path, body: member(child, 'Child', true) },
];

describe('a family', () => {
  it('is created with its first member and accepts others', async () => {
    const sandbox = await ground.start({ requests });
    const members = [
      { userId: parent, role: 'Adult', owner: true },
      { userId: child, role: 'Child', owner: false },
    ];
    const found = await ask(sandbox, 'GET', path);
    expect(partOf(found, 'family')).toMatchObject({ id: family.toLowerCase(), members });
    const ofChild = await ask(sandbox, 'GET', `/api/user/family?userId=${child}`);
    expect(ofChild.body).toMatchObject({ families: [{ id: family.toLowerCase() }] });
  });

  it('loses a member who is removed or deleted, and is deleted with the last', async () => {
    const sandbox = await ground.start({ requests });
    expect((await ask(sandbox, 'DELETE', `${path}/${child}`)).status).toBe(200);
    expect((await ask(sandbox, 'DELETE', `${path}/${child}`)).status).toBe(404);
    expect((await ask(sandbox, 'GET', `/api/user/family?userId=${child}`)).status).toBe(404);
    await ask(sandbox, 'DELETE', `/api/user/${parent}?hardDelete=true`);
    expect((await ask(sandbox, 'GET', path)).status).toBe(404);
  });

  it.each([
    ['familyMember.userId ([invalid]', [post(path, member(child, 'Child'))]],
    ['familyMember.role ([invalid]', [user(child), post(path, member(child, 'Pet'))]],
    ['familyMember.userId ([duplicate]', [...requests, post('/api/user/family', member(parent, 'Adult'))]],
    ['familyId ([duplicate]', [...requests, post(path, member(child, 'Child'))]],
  ])('is refused: %s', async (said, wrong) => {
    expect(await ground.refusal({ requests: wrong })).toContain(said);
  });
});
