import { operations } from '../../../tools/sandbox/src/operations/index.js';
import { type Sandbox, startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { adaId, api, logIn } from '../../e2e/sandbox/started-sandbox.js';
import { silentLog, temporaryDirectory } from '../embedded-database.js';
import { discrepancies, undocumented } from './discrepancies.js';
import { findOperation, openApiDocument } from './document.js';
import { expectMatchesOpenApi } from './expect-matches-openapi.js';
import { holdAnswers } from './hold-answers.js';

const id = '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1a01';

describe('an answer matches FusionAuth’s OpenAPI document', () => {
  it.each<[string, number, unknown]>([
    ['GET /api/user/42', 200, { user: { id, email: 'ada@example.com', insertInstant: 1_700_000_000_000 } }],
    ['GET /api/user?email=ada@example.com', 200, { user: { id } }],
    ['GET /api/user/42', 404, undefined],
    ['DELETE /api/user/42', 200, ''],
    ['POST /api/user', 400, { fieldErrors: { 'user.email': [{ code: '[blank]user.email', message: 'x' }] } }],
    ['POST /oauth2/token', 400, { error: 'invalid_grant', error_reason: 'auth_code_not_found' }],
    ['GET /oauth2/authorize?client_id=x', 200, '<!doctype html>'],
  ])('when it is %s %d %j', (operation, status, body) => {
    expectMatchesOpenApi(operation, status, body);
  });

  it.each<[string, string, number, unknown, RegExp]>([
    ['an invented member', 'GET /api/user/42', 200, { user: { id, nick: 'a' } }, /\/user .*: nick$/],
    [
      'an invented member inside a list',
      'GET /api/user/42',
      200,
      { user: { registrations: [{ x: 1 }] } },
      /: x$/,
    ],
    ['a wrong type', 'GET /api/user/42', 200, { user: { active: 'yes' } }, /\/user\/active must be boolean/],
    ['an instant as text', 'GET /api/user/42', 200, { user: { insertInstant: '2026' } }, /must be integer/],
    ['an id that is none', 'GET /api/group/42', 200, { group: { id: '42' } }, /must match format "uuid"/],
    ['a made-up error', 'POST /oauth2/token', 400, { error: 'no_luck' }, /must be equal to one of/],
    ['a body with 404', 'GET /api/user/42', 404, { message: 'no' }, /an? object where none is documented/],
    ['no body where there should be one', 'GET /api/user/42', 200, undefined, /the body is empty/],
    ['an unknown operation', 'GET /api/unheard-of', 200, {}, /no such operation/],
    ['a method that the path lacks', 'PUT /.well-known/jwks.json', 200, {}, /no such operation/],
  ])('but not with %s', (_what, operation, status, body, complaint) => {
    expect(() => expectMatchesOpenApi(operation, status, body)).toThrow(complaint);
  });
});

describe('the document', () => {
  it('has every operation of the sandbox with an effect, except the listed ones', () => {
    const document = openApiDocument();
    for (const { correct } of discrepancies) correct(document);
    const isMissing = (method: string, path: string) =>
      !findOperation(document, `${method} ${path.replace(/\/:\w+\?$/, '')}`);
    const missing = operations.filter(({ method, path, inert }) => !inert && isMissing(method, path));
    expect([...new Set(missing.map(({ name }) => name))].toSorted()).toEqual(undocumented.toSorted());
  });
});

describe('a sandbox whose answers are held', () => {
  let sandbox: Sandbox;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    // Not `startedSandbox`, which holds its answers already.
    sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: directory.path, log: silentLog });
  });
  afterAll(async () => {
    await sandbox.close();
    await directory.remove();
  });

  /** Lets the sandbox say something that FusionAuth has no word for. */
  async function invent() {
    await api(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { nick: 'A' } });
    await api(sandbox, 'GET', `/api/user/${adaId}`);
    await api(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { nick: null } });
  }

  it('passes if everything it says is documented', async () => {
    const release = holdAnswers(sandbox);
    await logIn(sandbox);
    await api(sandbox, 'GET', `/api/user/${adaId}`);
    await api(sandbox, 'GET', '/api/theme');
    await fetch(`${sandbox.url}/_sandbox`);
    sandbox.faults.set('*', { answer: 'garbage', times: 1 });
    await fetch(`${sandbox.url}/.well-known/jwks.json`);
    expect(release).not.toThrow();
  });

  it('fails, at the end, with every operation that is not', async () => {
    const release = holdAnswers(sandbox);
    await invent();
    await api(sandbox, 'GET', '/api/health?x');
    const lines = ['PATCH', 'GET'].map((method) => `${method} /api/user/\\S+ answered 200, .*: nick`);
    expect(release).toThrow(new RegExp(`^${lines.join('\\n')}$`));
  });

  it('is let go by release', async () => {
    const release = holdAnswers(sandbox);
    release();
    await invent();
    expect(release).not.toThrow();
  });
});
