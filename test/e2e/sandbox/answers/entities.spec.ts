import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { adaId, applicationId, call, introspect, postForm, tenantId } from '../started-sandbox.js';
import { sandbox } from './ground.js';

const typeId = '6e1c2f7a-90b4-4d53-8f0e-3a7d5b9c1e02';
const todoApi = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
const reminder = '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44';
const target = (id: string, permissions?: string) =>
  `target-entity:${id}${permissions === undefined ? '' : `:${permissions}`}`;

const secret = () => sandbox.secrets['REMINDER_ENTITY_SECRET'];
const tokenFor = (changes: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) =>
  postForm(
    sandbox,
    '/oauth2/token',
    {
      grant_type: 'client_credentials',
      client_id: reminder,
      client_secret: secret(),
      scope: target(todoApi),
      ...changes,
    },
    headers,
  );
const grant = (entityId: string, recipientEntityId: string, permissions: string[]) =>
  call(sandbox, 'POST', `/api/entity/${entityId}/grant`, { grant: { recipientEntityId, permissions } });
const newEntity = async (fields: object = {}) => {
  const { body } = await call(sandbox, 'POST', '/api/entity', {
    entity: { name: 'Another API', type: { id: typeId }, ...fields },
  });
  return body['entity'] as { id: string; clientId: string; clientSecret: string };
};

describe('client credentials', () => {
  it('give a token that the key set verifies, from the recipient for the target', async () => {
    const { status, body } = await tokenFor();
    expect([status, body]).toEqual([
      200,
      { access_token: expect.any(String), expires_in: 3600, scope: target(todoApi), token_type: 'Bearer' },
    ]);
    const token = body['access_token'] as string;
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', sandbox.url));
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: 'gatehouse.example',
      audience: todoApi,
    });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT', gty: ['client_credentials'] });
    expect(payload).toEqual({
      aud: todoApi,
      exp: payload.iat! + 3600,
      iat: expect.any(Number),
      iss: 'gatehouse.example',
      jti: expect.any(String),
      permissions: { [todoApi]: ['todo-auditor'] },
      scope: target(todoApi),
      sub: reminder,
      tid: tenantId,
    });
  });

  it('give only the permissions asked for, or else all that are granted', async () => {
    await grant(todoApi, reminder, ['todo-auditor', 'todo-reader']);
    const permissionsOf = async (scope: string) =>
      decodeJwt((await tokenFor({ scope })).body['access_token'] as string)['permissions'];
    expect(await permissionsOf(target(todoApi))).toEqual({ [todoApi]: ['todo-auditor', 'todo-reader'] });
    expect(await permissionsOf(target(todoApi, 'todo-reader'))).toEqual({ [todoApi]: ['todo-reader'] });
    expect(await permissionsOf(target(todoApi, 'todo-reader,todo-auditor'))).toEqual({
      [todoApi]: ['todo-reader', 'todo-auditor'],
    });
  });

  it('give a token without audience and permissions to a request without a scope', async () => {
    const { status, body } = await tokenFor({ scope: undefined });
    expect([status, 'scope' in body]).toEqual([200, false]);
    const claims = decodeJwt(body['access_token'] as string);
    expect(claims.sub).toBe(reminder);
    for (const name of ['aud', 'permissions', 'scope']) expect(claims).not.toHaveProperty(name);
  });

  it('accept the name of a permission that contains colons', async () => {
    const permission = { name: 'scim:user:read' };
    await call(sandbox, 'POST', `/api/entity/type/${typeId}/permission`, { permission });
    await grant(todoApi, reminder, ['scim:user:read']);
    const { body } = await tokenFor({ scope: target(todoApi, 'scim:user:read') });
    expect(decodeJwt(body['access_token'] as string)['permissions']).toEqual({
      [todoApi]: ['scim:user:read'],
    });
  });

  it('name several targets as a list of audiences', async () => {
    const { id } = await newEntity();
    await grant(id, reminder, ['todo-writer']);
    const scope = `${target(todoApi)} ${target(id)}`;
    const { body } = await tokenFor({ scope });
    expect(decodeJwt(body['access_token'] as string)).toMatchObject({
      aud: [todoApi, id],
      permissions: { [todoApi]: ['todo-auditor'], [id]: ['todo-writer'] },
    });
    expect(body['scope']).toBe(scope);
  });

  it('accept the secret in the form or by HTTP Basic, and always require it', async () => {
    const basic = { authorization: `Basic ${btoa(`${reminder}:${secret()!}`)}` };
    expect((await tokenFor({ client_id: undefined, client_secret: undefined }, basic)).status).toBe(200);
    const refusalOf = async (changes: Record<string, string | undefined>) => {
      const { status, body } = await tokenFor(changes);
      return [status, body['error'], body['error_reason']];
    };
    expect(await refusalOf({ client_secret: undefined })).toEqual([
      401,
      'invalid_client',
      'client_authentication_missing',
    ]);
    expect(await refusalOf({ client_secret: 'wrong' })).toEqual([
      401,
      'invalid_client',
      'invalid_client_authentication',
    ]);
    for (const client_id of [adaId, applicationId])
      expect(await refusalOf({ client_id })).toEqual([401, 'invalid_client', 'invalid_client_id']);
  });

  it.each([
    ['a scope of another form', 'openid', 'invalid_target_entity_scope'],
    ['an unknown target', target(adaId), 'invalid_target_entity_scope'],
    ['a target without a grant', target(reminder), 'invalid_target_entity_scope'],
    ['a permission that was not granted', target(todoApi, 'todo-writer'), 'invalid_entity_permission_scope'],
    ['a permission too many', target(todoApi, 'todo-auditor,todo-writer'), 'invalid_entity_permission_scope'],
    ['one good target and one bad', `${target(todoApi)} ${target(adaId)}`, 'invalid_target_entity_scope'],
  ])('are refused with %s', async (_case, scope, reason) => {
    const { status, body } = await tokenFor({ scope });
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_scope', error_reason: reason }),
    ]);
  });

  it('name the permissions that were not granted', async () => {
    const { body } = await tokenFor({ scope: target(todoApi, 'todo-auditor,todo-writer,todo-reader') });
    expect(body['error_description']).toContain(': todo-writer, todo-reader.');
  });

  it("follow the calling entity's type in key and lifetime, and the tenant where it has none", async () => {
    const { body } = await call(sandbox, 'POST', '/api/entity/type', {
      entityType: { name: 'Plain', permissions: [{ name: 'x', isDefault: true }] },
    });
    const plain = await newEntity({ type: { id: (body['entityType'] as { id: string }).id } });
    await grant(todoApi, plain.id, ['todo-reader']);
    const answer = await tokenFor({ client_id: plain.id, client_secret: plain.clientSecret });
    expect(decodeProtectedHeader(answer.body['access_token'] as string).alg).toBe('HS256');
  });

  it('use the new key once it is rotated', async () => {
    const kid = async () => decodeProtectedHeader((await tokenFor()).body['access_token'] as string).kid;
    const before = await kid();
    const rotation = await sandbox.rotateKey();
    expect([before, await kid()]).toEqual([rotation.previousKid, rotation.kid]);
  });

  it('are introspected by the token alone', async () => {
    const token = (await tokenFor()).body['access_token'] as string;
    const alone = (changes: Record<string, string> = {}) =>
      introspect(sandbox, token, { client_id: undefined, client_secret: undefined, ...changes });
    expect((await alone()).body).toMatchObject({ active: true, sub: reminder, aud: todoApi });
    expect((await alone({ token_type_hint: 'access_token' })).body['active']).toBe(true);
    expect((await alone({ token_type_hint: 'id_token' })).status).toBe(400);
    await call(sandbox, 'DELETE', `/api/entity/${reminder}`);
    expect((await alone()).body['active']).toBe(true);
    sandbox.settings.strictIntrospection = true;
    expect((await alone()).text).toBe('{"active":false}');
    sandbox.settings.strictIntrospection = false;
    sandbox.clock.advance(3_601_000);
    expect((await alone()).text).toBe('{"active":false}');
  });
});

describe('an entity', () => {
  it('is read with its type, and its secret stays readable', async () => {
    const { body } = await call(sandbox, 'GET', `/api/entity/${reminder}`);
    expect(body['entity']).toMatchObject({
      id: reminder,
      clientId: reminder,
      clientSecret: secret(),
      tenantId,
      type: { id: typeId, name: 'Todo API' },
    });
  });

  it('gets a random id, the same client id and a random secret unless they are chosen', async () => {
    const made = await newEntity();
    expect([made.clientId, made.clientSecret]).toEqual([made.id, expect.stringMatching(/^[\w-]{43}$/)]);
    const chosen = { clientId: 'syncer', clientSecret: 'a secret' };
    expect(await newEntity(chosen)).toMatchObject(chosen);
    expect(await newEntity(chosen)).toBeUndefined();
  });

  it('is deleted with every grant to it and on it', async () => {
    await call(sandbox, 'DELETE', `/api/entity/${reminder}`);
    expect((await call(sandbox, 'GET', `/api/entity/${reminder}`)).status).toBe(404);
    expect((await call(sandbox, 'GET', `/api/entity/${todoApi}/grant`)).body).toEqual({ grants: [] });
    expect((await tokenFor()).body['error_reason']).toBe('invalid_client_id');
  });

  it.each([
    ['without a name', { name: '' }, 'entity.name'],
    ['of an unknown type', { type: { id: adaId } }, 'entity.type.id'],
    ['of an unknown tenant', { tenantId: adaId }, 'entity.tenantId'],
  ])('%s is refused by field', async (_case, fields, field) => {
    const entity = { name: 'x', type: { id: typeId }, ...fields };
    const { status, body } = await call(sandbox, 'POST', '/api/entity', { entity });
    expect([status, body['fieldErrors']]).toEqual([400, { [field]: expect.anything() }]);
  });

  it('belongs to its tenant', async () => {
    const { body } = await call(sandbox, 'POST', '/api/tenant', { tenant: { name: 'Other' } });
    const other = (body['tenant'] as { id: string }).id;
    const header = { 'x-fusionauth-tenantid': other };
    expect((await call(sandbox, 'GET', `/api/entity/${reminder}`, undefined, header)).status).toBe(404);
    expect(await newEntity()).toBeUndefined();
    const { id } = await newEntity({ tenantId: other });
    await grant(id, reminder, ['todo-reader']);
    expect((await tokenFor({ scope: target(id) })).body['error_reason']).toBe('invalid_target_entity_scope');
  });
});

describe('a grant', () => {
  const path = `/api/entity/${todoApi}/grant`;
  const permissionsOf = async (query: string) =>
    ((await call(sandbox, 'GET', path + query)).body['grant'] as { permissions: string[] }).permissions;

  it('is read by recipient, replaced and deleted', async () => {
    const query = `?recipientEntityId=${reminder}`;
    expect(await permissionsOf(query)).toEqual(['todo-auditor']);
    expect(await grant(todoApi, reminder, ['todo-reader'])).toMatchObject({ status: 200, text: '' });
    expect(await permissionsOf(query)).toEqual(['todo-reader']);
    expect((await call(sandbox, 'DELETE', path + query)).status).toBe(200);
    for (const method of ['GET', 'DELETE'])
      expect(await call(sandbox, method, path + query)).toMatchObject({ status: 404, text: '' });

    expect((await tokenFor()).body['error_reason']).toBe('invalid_target_entity_scope');
  });

  it('may be for a user, and is deleted with them', async () => {
    const made = await call(sandbox, 'POST', path, {
      grant: { userId: adaId, permissions: ['todo-reader'] },
    });
    expect(made.status).toBe(200);
    expect(await permissionsOf(`?userId=${adaId}`)).toEqual(['todo-reader']);
    await call(sandbox, 'DELETE', `/api/user/${adaId}?hardDelete=true`);
    expect((await call(sandbox, 'GET', `${path}?userId=${adaId}`)).status).toBe(404);
  });

  it.each([
    ['nobody', { permissions: [] }],
    ['two at once', { recipientEntityId: reminder, userId: adaId }],
    ['somebody unknown', { userId: typeId }],
    ['a permission that the type lacks', { recipientEntityId: reminder, permissions: ['king'] }],
  ])('for %s is refused', async (_case, fields) => {
    expect((await call(sandbox, 'POST', path, { grant: fields })).status).toBe(400);
  });

  it('for a user or an entity of another tenant is refused', async () => {
    const other = { 'x-fusionauth-tenantid': '11111111-2222-4333-8444-555555555555' };
    const tenant = `/api/tenant/${other['x-fusionauth-tenantid']}`;
    await call(sandbox, 'POST', tenant, { tenant: { name: 'Other' } });
    const user = { email: 'dana@example.com', password: 'password of dana' };
    const dana = await call(sandbox, 'POST', '/api/user', { user }, other);
    const entity = { name: 'Theirs', type: { id: typeId } };
    const theirs = await call(sandbox, 'POST', '/api/entity', { entity }, other);
    const { id: userId } = dana.body['user'] as { id: string };
    const { id: recipientEntityId } = theirs.body['entity'] as { id: string };
    for (const recipient of [{ userId }, { recipientEntityId }])
      expect((await call(sandbox, 'POST', path, { grant: recipient })).status).toBe(400);
  });

  it('can be read, but not written, by the narrow key of the Todo API', async () => {
    const headers = { authorization: sandbox.secrets['FUSIONAUTH_API_KEY']! };
    const query = `?recipientEntityId=${reminder}`;
    const statusOf = async (method: string, target: string) =>
      (await call(sandbox, method, target, undefined, headers)).status;
    expect([await statusOf('GET', path + query), await statusOf('GET', `/api/entity/${reminder}`)]).toEqual([
      200, 200,
    ]);
    expect([
      await statusOf('DELETE', path + query),
      await statusOf('DELETE', `/api/entity/${reminder}`),
    ]).toEqual([401, 401]);
  });
});

describe('an entity type', () => {
  it('is made, read and deleted, but not while it is used', async () => {
    const permissions = [{ name: 'blink', isDefault: true }, { name: 'beep' }];
    const { body } = await call(sandbox, 'POST', '/api/entity/type', {
      entityType: { name: 'Device', permissions },
    });
    const { id } = body['entityType'] as { id: string };
    const read = await call(sandbox, 'GET', `/api/entity/type/${id}`);
    expect(read.body['entityType']).toMatchObject({ id, name: 'Device', permissions });
    expect((await call(sandbox, 'DELETE', `/api/entity/type/${id}`)).status).toBe(200);
    expect((await call(sandbox, 'GET', `/api/entity/type/${id}`)).status).toBe(404);
    expect((await call(sandbox, 'DELETE', `/api/entity/type/${typeId}`)).status).toBe(400);
  });

  it.each([
    ['the name of another', { name: 'Todo API' }],
    [
      'a key that does not exist',
      { name: 'x', jwtConfiguration: { enabled: true, accessTokenKeyId: adaId } },
    ],
  ])('with %s is refused', async (_case, entityType) => {
    expect((await call(sandbox, 'POST', '/api/entity/type', { entityType })).status).toBe(400);
  });
});

describe('without a licence', () => {
  it('entities and client credentials are refused with 400 until it is there again', async () => {
    sandbox.settings.licensed = false;
    const refused = await tokenFor();
    expect([refused.status, refused.body]).toEqual([
      400,
      expect.objectContaining({ error: 'not_licensed', error_reason: 'not_licensed' }),
    ]);
    const entity = { name: 'Unlicensed', type: { id: typeId } };
    for (const [method, path, wanted] of [
      ['GET', `/api/entity/${reminder}`],
      ['GET', `/api/entity/type/${typeId}`],
      ['GET', `/api/entity/${todoApi}/grant`],
      ['POST', '/api/entity', { entity }],
      ['POST', '/api/entity/type', { entityType: { name: 'Unlicensed' } }],
    ] as const) {
      const { status, body } = await call(sandbox, method, path, wanted);
      expect([status, body]).toEqual([
        400,
        { generalErrors: [expect.objectContaining({ code: '[notLicensed]' })] },
      ]);
    }
    sandbox.settings.licensed = true;
    expect((await tokenFor()).status).toBe(200);
  });
});
