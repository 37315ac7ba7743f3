import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { apiKeySubject } from '#gatehouse/auth';
import { Secret } from '#gatehouse/platform';
import { tenantId } from '../../../tools/issuer/src/token-minter.js';
import { callAdmin } from '../../contract/contract-world.js';
import { issueAccessToken } from '../../contract/people.js';
import { insertCredential } from '../../support/insert-credential.js';
import { PostgresDoor } from '../../support/postgres-door.js';
import { within } from '../todos/push/ground.js';
import { codeOf, type Ground, startGround } from './ground.js';

const PRINCIPAL_KEY = randomBytes(32).toString('base64');
const apiKeys = { AUTH_STRATEGY: 'api-key', PRINCIPAL_KEY };
const randomKey = () => randomBytes(32).toString('base64url');

describe('a question that FusionAuth must decide', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await startGround();
  });
  afterAll(() => ground.close());

  const admin = <T>(method: string, path: string, body?: unknown) =>
    callAdmin<T>(ground.sandbox, method, path, body);

  async function newKey(): Promise<string> {
    const key = randomKey();
    const permissions = { endpoints: { '/api/group': ['GET'] } };
    await admin('POST', `/api/api-key/${randomUUID()}`, { apiKey: { key, tenantId, permissions } });
    return key;
  }

  it('causes one call to FusionAuth, even if the proxy repeats it', async () => {
    const gate = await ground.open(apiKeys);
    const key = await newKey();
    const asked = () => ground.sandbox.requests.list().filter(({ path }) => path.startsWith('/api/group'));
    const before = asked().length;
    const four = [1, 2, 3, 4].map(() => gate.ask('GET', '/todos', { 'X-API-Key': key }));
    expect((await Promise.all(four)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(asked().length - before).toBe(1);
  });

  it('is 503 with Retry-After while FusionAuth does not answer, and marked as our own', async () => {
    const gate = await ground.open(apiKeys);
    const key = await newKey();
    ground.sandbox.faults.set('*', { status: 500 });
    const answer = await gate.ask('GET', '/todos', { 'X-API-Key': key });
    ground.sandbox.faults.clear();
    expect([answer.status, codeOf(answer)]).toEqual([503, 'authentication_unavailable']);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect(answer.headers['x-auth-verdict']).toBe('refused');
    expect((await gate.ask('GET', '/todos', { 'X-API-Key': key })).status).toBe(200);
  });

  it('is 429 with Retry-After for the caller whose keys are refused, by the address that the proxy reports', async () => {
    const gate = await ground.open({ ...apiKeys, REFUSED_ATTEMPTS_PER_MINUTE: '1' });
    const from = (address: string) =>
      gate.ask('GET', '/todos', { 'X-API-Key': randomKey(), 'X-Forwarded-For': `192.0.2.7, ${address}` });
    expect((await from('198.51.100.1')).status).toBe(401);
    const again = await from('198.51.100.1');
    expect([again.status, codeOf(again)]).toEqual([429, 'too_many_requests']);
    expect(again.headers['retry-after']).toMatch(/^\d+$/);
    expect((await from('198.51.100.2')).status).toBe(401);
  });

  it('is refused within a second of the event that ends its session, with push revocation', async () => {
    const gate = await ground.open({ REVOCATION: 'push' });
    const { headers, sessionId } = await issueAccessToken({ sandbox: ground.sandbox, admin });
    const status = async () => (await gate.ask('GET', '/todos', headers)).status;
    expect(await status()).toBe(200);
    await admin('DELETE', `/api/jwt/refresh/${sessionId}`);
    await within(1_000, status, 401);
  });

  describe('with the database of the Todo API', () => {
    let database: PostgresDoor;
    beforeAll(async () => {
      database = await PostgresDoor.create('todo');
      await database.open();
    });
    afterAll(() => database.close());

    it('is answered with the roles of the key’s client; without it with the default roles', async () => {
      const gate = await ground.open({ ...apiKeys, DATABASE_URL: database.url });
      const alone = await ground.open(apiKeys);
      const key = await newKey();
      const pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=todo' });
      const clientId = randomUUID();
      await pool.query(`insert into clients (id, name, roles) values ($1, 'key', $2)`, [
        clientId,
        ['todo-auditor'],
      ]);
      const subject = apiKeySubject(key, { PRINCIPAL_KEY: new Secret(PRINCIPAL_KEY) });
      await insertCredential(pool, { clientId, strategy: 'api-key', subject });
      await pool.end();
      const rolesAt = async ({ ask }: typeof gate) => {
        const { headers } = await ask('GET', '/todos', { 'X-API-Key': key });
        return [headers['x-auth-roles'], headers['x-auth-client'] === headers['x-auth-subject']];
      };
      expect(await rolesAt(gate)).toEqual(['todo-auditor', true]);
      expect(await rolesAt(alone)).toEqual(['todo-reader', true]);
      const { status } = await gate.send('/readyz', []);
      expect(status).toBe(200);
    });
  });
});
