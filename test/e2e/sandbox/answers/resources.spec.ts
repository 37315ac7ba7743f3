import { decodeJwt } from 'jose';
import {
  applicationId,
  authorize,
  configure,
  exchange,
  introspect,
  logIn,
  newCode,
  redirected,
  refresh,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const todos = 'https://todos.example.com/';
const mail = 'https://mail.example.com/';
const authorizeResources = (...authorizedResourceUris: string[]) =>
  configure(sandbox, { oauthConfiguration: { authorizedResourceUris } });
const audience = ({ access_token: token }: { access_token: string }) => decodeJwt(token).aud;

describe('the parameter resource', () => {
  it('is ignored where the application authorizes no resources', async () => {
    expect(audience(await logIn(sandbox, { resource: todos }))).toBe(applicationId);
  });

  it('adds the resource to the audience of access tokens, refreshed ones included, and not to ID tokens', async () => {
    await authorizeResources(todos, mail);
    const tokens = await logIn(sandbox, { resource: todos });
    expect(audience(tokens)).toEqual([applicationId, todos]);
    expect(decodeJwt(tokens.id_token!).aud).toBe(applicationId);
    expect(audience((await refresh(sandbox, tokens.refresh_token!)).body)).toEqual([applicationId, todos]);
    const { body } = await introspect(sandbox, tokens.access_token);
    expect(body).toMatchObject({ active: true, aud: [applicationId, todos] });
  });

  it('of another resource is refused with invalid_target at the log-in page', async () => {
    await authorizeResources(todos);
    const answer = await authorize(sandbox, { resource: mail });
    expect(redirected(answer).get('error')).toBe('invalid_target');
  });

  it('may not widen a token request, which uses up the code', async () => {
    await authorizeResources(todos, mail);
    const { code, verifier } = await newCode(sandbox, { resource: todos });
    const refused = await exchange(sandbox, code, verifier, { resource: mail });
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_target']);
    expect((await exchange(sandbox, code, verifier)).body.error).toBe('invalid_grant');
  });

  it('may not widen a refresh either', async () => {
    await authorizeResources(todos, mail);
    const { refresh_token: token } = await logIn(sandbox, { resource: todos });
    expect((await refresh(sandbox, token!, { resource: mail })).body.error).toBe('invalid_target');
  });
});
