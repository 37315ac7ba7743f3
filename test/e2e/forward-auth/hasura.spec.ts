import { randomBytes, randomUUID } from 'node:crypto';
import { tenantId } from '../../../tools/issuer/src/token-minter.js';
import { callAdmin } from '../../contract/contract-world.js';
import { issueAccessToken } from '../../contract/people.js';
import { type Gate, type Ground, type Header, startGround } from './ground.js';

describe('GET /hasura', () => {
  let ground: Ground;
  let gate: Gate;

  beforeAll(async () => {
    ground = await startGround();
    gate = await ground.open();
  });
  afterAll(() => ground.close());

  async function holderOf(roles: readonly string[]): Promise<{ token: Header; subject: string | undefined }> {
    const admin = <T>(method: string, path: string, body?: unknown) =>
      callAdmin<T>(ground.sandbox, method, path, body);
    const issued = await issueAccessToken({ sandbox: ground.sandbox, admin }, { roles: [...roles] });
    return { token: ['Authorization', issued.headers['authorization']!], subject: issued.userId };
  }
  const variablesOf = async (...headers: Header[]) => {
    const { status, body } = await gate.send('/hasura', headers);
    return [status, JSON.parse(body) as unknown];
  };
  const statusOf = async (...headers: Header[]) => (await gate.send('/hasura', headers)).status;

  it('answers with session variables as text: the caller, and its first role or the requested one', async () => {
    const { token, subject } = await holderOf(['todo-reader', 'todo-writer']);
    expect(await variablesOf(token)).toEqual([
      200,
      { 'X-Hasura-User-Id': subject, 'X-Hasura-Role': 'todo-reader' },
    ]);
    expect(await variablesOf(token, ['X-Hasura-Role', 'todo-writer'])).toEqual([
      200,
      { 'X-Hasura-User-Id': subject, 'X-Hasura-Role': 'todo-writer' },
    ]);
  });

  it('passes on only what was verified, even if the client sends session variables', async () => {
    const { token, subject } = await holderOf(['todo-reader']);
    const claimed: Header[] = [
      ['X-Hasura-User-Id', randomUUID()],
      ['X-Auth-Subject', randomUUID()],
      ['X-Hasura-Org', 'another'],
    ];
    expect(await variablesOf(token, ...claimed)).toEqual([
      200,
      { 'X-Hasura-User-Id': subject, 'X-Hasura-Role': 'todo-reader' },
    ]);
  });

  it.each([
    ['without a credential', [], []],
    ['with a role that its holder lacks', ['todo-reader'], [['X-Hasura-Role', 'todo-writer']]],
    [
      'with two roles asked for',
      ['todo-reader'],
      [
        ['X-Hasura-Role', 'todo-reader'],
        ['X-Hasura-Role', 'todo-reader'],
      ],
    ],
  ] as const)('refuses with 401, the only refusal Hasura knows, %s', async (_case, roles, headers) => {
    const holder = roles.length > 0 ? await holderOf(roles) : undefined;
    const answer = await gate.send('/hasura', [...(holder ? [holder.token] : []), ...headers]);
    expect(answer.status).toBe(401);
    expect(answer.body).not.toContain('X-Hasura');
  });

  it('never grants the role that bypasses Hasura’s permissions', async () => {
    const keys = await ground.open({
      AUTH_STRATEGY: 'api-key',
      PRINCIPAL_KEY: randomBytes(32).toString('base64'),
      API_KEY_DEFAULT_ROLES: 'admin,todo-reader',
    });
    const key = randomBytes(32).toString('base64url');
    const permissions = { endpoints: { '/api/group': ['GET'] } };
    const path = `/api/api-key/${randomUUID()}`;
    await callAdmin(ground.sandbox, 'POST', path, { apiKey: { key, tenantId, permissions } });
    const answer = await keys.send('/hasura', [['X-API-Key', key]]);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([200, { 'X-Hasura-Role': 'todo-reader' }]);
    const asked = await keys.send('/hasura', [
      ['X-API-Key', key],
      ['X-Hasura-Role', 'admin'],
    ]);
    expect(asked.status).toBe(401);
  });

  it('answers 401 for two credentials; its 503, and its 403 for an untrusted proxy, become Hasura’s 500', async () => {
    const { token } = await holderOf(['todo-reader']);
    expect(await statusOf(token, token)).toBe(401);
    const strangers = await ground.open({ TRUSTED_PROXIES: '192.0.2.0/24' });
    expect((await strangers.send('/hasura', [token])).status).toBe(403);
    const unreachable = await ground.open({
      FUSIONAUTH_URL: 'http://127.0.0.1:9',
      FUSIONAUTH_DEADLINE_MS: '500',
    });
    const answer = await unreachable.send('/hasura', [token]);
    expect([answer.status, answer.headers['cache-control']]).toEqual([503, 'no-store']);
  });
});
