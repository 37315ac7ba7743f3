import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { adaId, applicationId, call, logIn, tenantId } from '../started-sandbox.js';
import { sandbox } from './ground.js';

const group = randomUUID();
const elsewhere = randomUUID();

/** A new role of an application; resolves with its id. */
async function role(application: string, name: string): Promise<string> {
  const { body } = await call(sandbox, 'POST', `/api/application/${application}/role`, { role: { name } });
  return (body['role'] as { id: string }).id;
}
const members = (method: string, ...userIds: string[]) =>
  call(sandbox, method, '/api/group/member', {
    members: { [group]: userIds.map((userId) => ({ userId })) },
  });
const rolesIn = (token: string) => decodeJwt(token)['roles'] as string[];
const found = async (search: object) =>
  (await call(sandbox, 'POST', '/api/group/member/search', { search })).body as {
    members: { id: string; userId: string }[];
    total: number;
  };

let roleIds: string[];
beforeEach(async () => {
  await call(sandbox, 'POST', `/api/application/${elsewhere}`, { application: { name: 'Elsewhere' } });
  roleIds = [
    await role(applicationId, 'editor'),
    await role(applicationId, 'reviewer'),
    await role(elsewhere, 'stranger'),
  ];
  await call(sandbox, 'POST', `/api/group/${group}`, { group: { name: 'Editors' }, roleIds });
});

describe('a group with a role that no longer exists', () => {
  it('is renamed like any other', async () => {
    await call(sandbox, 'DELETE', `/api/application/${applicationId}/role/${roleIds[0]!}`);
    const renamed = await call(sandbox, 'PATCH', `/api/group/${group}`, { group: { name: 'Renamed' } });
    expect([renamed.status, renamed.body['group']]).toMatchObject([200, { name: 'Renamed' }]);
  });
});

describe('the roles of a group', () => {
  it('are in the tokens of its members, beside their own, where they are registered with the application', async () => {
    const without = rolesIn((await logIn(sandbox)).access_token);
    expect((await members('POST', adaId)).status).toBe(200);
    const { access_token, refresh_token } = await logIn(sandbox);
    expect(rolesIn(access_token).toSorted()).toEqual([...without, 'editor', 'reviewer'].toSorted());
    expect(refresh_token).toBeDefined();
    const body = { applicationId, loginId: 'ada@example.com', password: sandbox.secrets['ADA_PASSWORD'] };
    const { body: login } = await call(sandbox, 'POST', '/api/login', body);
    expect(rolesIn(login['token'] as string).toSorted()).toEqual(rolesIn(access_token).toSorted());
  });

  it('do not apply without a registration', async () => {
    await members('POST', adaId);
    await call(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    const claims = decodeJwt((await logIn(sandbox)).access_token);
    expect(claims).not.toHaveProperty('roles');
    expect(claims).not.toHaveProperty('applicationId');
  });

  it.each([
    [
      'of those who left it',
      () => call(sandbox, 'DELETE', `/api/group/member?groupId=${group}&userId=${adaId}`),
    ],
    ['of a group that is gone', () => call(sandbox, 'DELETE', `/api/group/${group}`)],
    [
      'that it lost',
      () => call(sandbox, 'PUT', `/api/group/${group}`, { group: { name: 'Editors' }, roleIds: [] }),
    ],
    [
      'that are gone',
      () =>
        Promise.all(
          roleIds
            .slice(0, 2)
            .map((id) => call(sandbox, 'DELETE', `/api/application/${applicationId}/role/${id}`)),
        ),
    ],
  ])('are no longer in any token: those %s', async (_which, end) => {
    await members('POST', adaId);
    await end();
    const roles = rolesIn((await logIn(sandbox)).access_token);
    expect(roles).not.toEqual(expect.arrayContaining(['editor']));
    expect(roles).not.toEqual(expect.arrayContaining(['reviewer']));
  });

  it('are shown by application, changed by PATCH, and must be of an application of the tenant', async () => {
    const { body } = await call(sandbox, 'GET', `/api/group/${group}`);
    expect(body['group']).toMatchObject({
      roles: {
        [applicationId]: [{ name: 'editor' }, { name: 'reviewer' }],
        [elsewhere]: [{ name: 'stranger' }],
      },
    });
    const renamed = await call(sandbox, 'PATCH', `/api/group/${group}`, { group: { name: 'Authors' } });
    expect(renamed.body['group']).toMatchObject({ name: 'Authors', roles: { [elsewhere]: [{}] } });
    const fewer = await call(sandbox, 'PATCH', `/api/group/${group}`, { roleIds: [roleIds[0]] });
    expect(Object.keys((fewer.body['group'] as { roles: object }).roles)).toEqual([applicationId]);
    const unknown = { group: { name: 'X' }, roleIds: [randomUUID()] };
    for (const [method, path] of [
      ['POST', '/api/group'],
      ['PUT', `/api/group/${group}`],
      ['PATCH', `/api/group/${group}`],
    ] as const) {
      const { status, body: refused } = await call(sandbox, method, path, unknown);
      expect([status, refused]).toEqual([
        400,
        { fieldErrors: { roleIds: [expect.objectContaining({ code: '[invalid]roleIds' })] } },
      ]);
    }
  });
});

describe('the members of a group', () => {
  const bruno = async () => {
    const { body } = await call(sandbox, 'GET', '/api/user?email=bruno@example.com');
    return (body['user'] as { id: string }).id;
  };

  it('are added, found, replaced and removed', async () => {
    const other = await bruno();
    const added = await members('POST', adaId);
    const [{ id }] = (added.body['members'] as Record<string, [{ id: string }]>)[group]!;
    const again = await members('POST', adaId, other);
    expect(again.body['members']).toMatchObject({ [group]: [{ id, userId: adaId }, { userId: other }] });
    expect((await found({ groupId: group })).total).toBe(2);
    expect((await found({ userId: other, tenantId })).members).toMatchObject([
      { groupId: group, userId: other },
    ]);
    expect((await call(sandbox, 'GET', `/api/user/${adaId}`)).body['user']).toMatchObject({
      memberships: [{ id, groupId: group }],
    });
    await members('PUT', other);
    expect((await found({ groupId: group })).members.map(({ userId }) => userId)).toEqual([other]);
  });

  it.each([
    ['by membership', (id: string) => [`/${id}`] as const],
    ['by memberships', (id: string) => ['', { memberIds: [id] }] as const],
    ['by group and user', () => ['', { members: { [group]: [adaId] } }] as const],
    ['by group and user in the query', () => [`?groupId=${group}&userId=${adaId}`] as const],
  ])('are removed one at a time: %s', async (_how, how) => {
    const other = await bruno();
    await members('POST', adaId, other);
    const id = (await found({ userId: adaId })).members[0]!.id;
    const [rest, body] = how(id);
    expect((await call(sandbox, 'DELETE', `/api/group/member${rest}`, body)).status).toBe(200);
    expect((await found({ groupId: group })).members.map(({ userId }) => userId)).toEqual([other]);
  });

  it('are all removed when only the group is named', async () => {
    await members('POST', adaId, await bruno());
    expect((await call(sandbox, 'DELETE', `/api/group/member?groupId=${group}`)).status).toBe(200);
    expect((await found({ groupId: group })).total).toBe(0);
  });

  it.each([
    ['no such user', 400, () => members('POST', randomUUID())],
    [
      'no such group',
      404,
      () => call(sandbox, 'POST', '/api/group/member', { members: { [randomUUID()]: [{ userId: adaId }] } }),
    ],
    ['no such membership', 404, () => call(sandbox, 'DELETE', `/api/group/member/${randomUUID()}`)],
    ['nothing named', 400, () => call(sandbox, 'DELETE', '/api/group/member', {})],
  ])('are refused: %s', async (_what, status, ask) => {
    expect((await ask()).status).toBe(status);
    expect((await found({ groupId: group })).total).toBe(0);
  });

  it('are no longer members once the group is deleted, not even of a new one with its id', async () => {
    await members('POST', adaId);
    await call(sandbox, 'DELETE', `/api/group/${group}`);
    await call(sandbox, 'POST', `/api/group/${group}`, { group: { name: 'Editors again' }, roleIds });
    expect((await found({ groupId: group })).total).toBe(0);
    expect(rolesIn((await logIn(sandbox)).access_token)).not.toContain('editor');
  });

  it('are of the tenant of the group', async () => {
    const [tenant, stranger] = [randomUUID(), randomUUID()];
    await call(sandbox, 'POST', `/api/tenant/${tenant}`, { tenant: { name: 'Other' } });
    const user = { email: 'stranger@example.com', password: 'a long password' };
    const as = { 'x-fusionauth-tenantid': tenant };
    expect((await call(sandbox, 'POST', `/api/user/${stranger}`, { user }, as)).status).toBe(200);
    expect((await members('POST', stranger)).status).toBe(400);
  });

  it('are not shown to, nor changed by, a key of another tenant', async () => {
    await members('POST', adaId);
    const tenant = randomUUID();
    await call(sandbox, 'POST', `/api/tenant/${tenant}`, { tenant: { name: 'Other' } });
    const as = { 'x-fusionauth-tenantid': tenant };
    const search = await call(sandbox, 'POST', '/api/group/member/search', { search: {} }, as);
    expect(search.body).toMatchObject({ total: 0 });
    const ended = await call(sandbox, 'DELETE', `/api/group/member?groupId=${group}`, undefined, as);
    expect(ended.status).toBe(404);
    expect((await found({ groupId: group })).total).toBe(1);
  });
});
