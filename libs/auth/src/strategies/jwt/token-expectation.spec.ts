import { applicationId, issuer, tenantId, userClaims } from '../../../../../tools/issuer/src/token-minter.js';
import { judgeClaims, type TokenExpectation } from './token-expectation.js';

const now = Date.parse('2026-11-22T12:00:00Z');
const entityId = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';
const expected: TokenExpectation = {
  issuer,
  applicationId,
  tenantId,
  entityId,
  clockSkewSeconds: 30,
  maxLifetimeSeconds: 3600,
};
const at = (clock: number) => () => clock;
const judge = (changes: Record<string, unknown>, clock = now) =>
  judgeClaims(JSON.parse(JSON.stringify({ ...userClaims(now), ...changes })), expected, at(clock));
const reason = (changes: Record<string, unknown>, clock = now) => {
  const verdict = judge(changes, clock);
  return verdict.ok
    ? 'accepted'
    : 'reason' in verdict.failure
      ? verdict.failure.reason
      : verdict.failure.kind;
};
const seconds = Math.floor(now / 1000);

describe('the claims of a user’s token', () => {
  it('become a principal that is valid until exp and the allowed skew', () => {
    const claims = userClaims(now);
    expect(judgeClaims(claims, expected, at(now))).toEqual({
      ok: true,
      expiresAt: (seconds + 3630) * 1000,
      issued: { at: seconds, logInAt: seconds },
      principal: {
        subject: claims['sub'],
        issuer,
        kind: 'user',
        via: 'jwt',
        tenantId,
        email: 'ada@example.com',
        timeZone: 'Europe/London',
        roles: ['todo-reader', 'todo-writer'],
        credentialId: claims['jti'],
        sessionId: claims['sid'],
      },
    });
  });

  it.each([
    [{ auth_time: seconds - 600.5 }, { at: seconds, logInAt: seconds - 601 }],
    [
      { iat: seconds - 0.5, exp: seconds + 60 },
      { at: seconds - 1, logInAt: seconds },
    ],
    [{ auth_time: undefined }, { at: seconds }],
    [{ auth_time: `${seconds}` }, { at: seconds }],
    [{ auth_time: -1 }, { at: seconds }],
  ])('say by %j in which second the token was issued and its user logged in', (changes, issued) => {
    expect(judge(changes)).toHaveProperty('issued', issued);
  });

  it.each([
    ['an audience list that names us', { aud: ['https://other.example', applicationId] }],
    ['no roles yet', { roles: [] }],
    ['tty at', { tty: 'at' }],
    ['a not-before in the past', { nbf: seconds - 10 }],
    ['a clock 30 seconds ahead', { iat: seconds + 30, exp: seconds + 3600 }],
    ['a not-before 30 seconds ahead', { nbf: seconds + 30 }],
    ['no token id', { jti: undefined }],
    ['fractions of seconds', { iat: seconds - 0.5, exp: seconds + 60.25 }],
  ])('pass with %s', (_what, changes) => {
    expect(reason(changes)).toBe('accepted');
  });

  it.each([
    ['another issuer', { iss: 'evil.example' }, 'issuer'],
    ['the issuer with a trailing slash', { iss: `${issuer}/` }, 'issuer'],
    ['an issuer list', { iss: [issuer] }, 'issuer'],
    ['no subject', { sub: undefined }, 'subject'],
    ['an empty subject', { sub: '' }, 'subject'],
    ['a subject that is a number', { sub: 7 }, 'subject'],
    ['a subject with a line break', { sub: 'ada\nadmin' }, 'subject'],
    ['a subject with a NUL', { sub: 'ada\u0000' }, 'subject'],
    ['a subject of half a character', { sub: '\ud800' }, 'subject'],
    ['a subject of 256 characters', { sub: 'a'.repeat(256) }, 'subject'],
    ['a token id that is a number', { jti: 7 }, 'token-id'],
    ['an empty token id', { jti: '' }, 'token-id'],
    ['another tenant', { tid: applicationId }, 'tenant'],
    ['no tenant', { tid: undefined }, 'tenant'],
    ['no expiry', { exp: undefined }, 'times'],
    ['an expiry in text', { exp: String(seconds + 60) }, 'times'],
    ['no issue time', { iat: undefined }, 'times'],
    ['a not-before in text', { nbf: 'now' }, 'times'],
    ['a negative issue time', { iat: -1 }, 'times'],
    ['an expiry in the past', { exp: seconds - 30, iat: seconds - 90 }, 'expired'],
    ['a not-before in the future', { nbf: seconds + 31 }, 'not-yet-valid'],
    ['an issue time in the future', { iat: seconds + 31, exp: seconds + 90 }, 'issued-in-the-future'],
    [
      'an issue time in the future behind a not-before',
      { nbf: seconds, iat: seconds + 31 },
      'issued-in-the-future',
    ],
    ['an end at its begin', { iat: seconds + 10, exp: seconds + 10 }, 'times'],
    ['a life longer than allowed', { exp: seconds + 3601 }, 'lifetime'],
    ['a life in milliseconds', { exp: (seconds + 3600) * 1000 }, 'lifetime'],
    ['an end before its begin', { iat: seconds + 20, exp: seconds + 10 }, 'times'],
    ['an end before it may be used', { nbf: seconds + 20, exp: seconds + 10 }, 'times'],
    ['a nonce, as ID tokens have', { nonce: 'n' }, 'claim-nonce'],
    ['an access-token hash, as ID tokens have', { at_hash: 'h' }, 'claim-at_hash'],
    ['a code hash, as ID tokens have', { c_hash: 'h' }, 'claim-c_hash'],
    ['a body hash, as webhook signatures have', { request_body_sha256: 'h' }, 'claim-request_body_sha256'],
    ['a key it is bound to', { cnf: { jkt: 'x' } }, 'claim-cnf'],
    ['tty of an ID token', { tty: 'id' }, 'token-kind'],
    ['another audience', { aud: 'someone-else' }, 'audience'],
    ['no audience', { aud: undefined }, 'audience'],
    ['an audience of numbers', { aud: [1, applicationId] }, 'audience'],
    ['the audience as a part of a text', { aud: `${applicationId} x` }, 'audience'],
    ['another application', { applicationId: tenantId }, 'application'],
    ['roles that are text', { roles: 'todo-reader' }, 'roles'],
    ['roles that are not all text', { roles: ['todo-reader', 1] }, 'roles'],
    ['a role without a name', { roles: ['todo-reader', ''] }, 'roles'],
    ['no roles member', { roles: undefined }, 'roles'],
    ['permissions of a machine', { permissions: {} }, 'token-kind'],
  ])('are refused with %s', (_what, changes, expectedReason) => {
    expect(reason(changes)).toBe(expectedReason);
  });

  it('are forbidden, not refused, when the user is not registered', () => {
    expect(judge({ applicationId: undefined, roles: undefined })).toEqual({
      ok: false,
      failure: { kind: 'forbidden', reason: 'not-registered' },
    });
  });

  it('expire to the second on the given clock, skew included', () => {
    expect(reason({}, (seconds + 3629) * 1000 + 999)).toBe('accepted');
    expect(reason({}, (seconds + 3630) * 1000)).toBe('expired');
  });

  it('give no e-mail address that was not verified, and no invalid time zone', () => {
    const verdict = judge({ email_verified: 'true', zoneinfo: '../../etc\n' });
    expect(verdict.ok && verdict.principal).not.toHaveProperty('email');
    expect(verdict.ok && verdict.principal).not.toHaveProperty('timeZone');
  });

  it.each(['ada', 'ada@example.com\nBcc: all@example.com', 'a @example.com', `${'a'.repeat(250)}@b.cd`])(
    'give no e-mail address where it is %j',
    (email) => {
      const verdict = judge({ email });
      expect(verdict.ok && verdict.principal.email).toBeUndefined();
    },
  );
});

describe('what else a user’s token contains', () => {
  it('is no time without end', () => {
    const judged = (changes: object) => judgeClaims({ ...userClaims(now), ...changes }, expected, at(now));
    expect(judged({ auth_time: Infinity })).toHaveProperty('issued', { at: seconds });
    expect(judged({ exp: Infinity })).toMatchObject({ failure: { reason: 'times' } });
  });

  it('may lack an address, and names a session only in text', () => {
    const verdict = judge({ email: undefined, sid: 7 });
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict).not.toHaveProperty('principal.email');
    expect(verdict).not.toHaveProperty('principal.sessionId');
  });

  it.each([
    [{ jti: 'token', sid: 'session' }, 'token'],
    [{ jti: undefined, sid: 'session' }, 'session'],
    [{ jti: undefined, sid: undefined, sub: 'ada' }, 'ada'],
  ])('names the credential: %j', (changes, credentialId) => {
    expect(judge(changes)).toMatchObject({ principal: { credentialId } });
  });

  it.each(['UTC', 'Europe/London', 'America/Argentina/Buenos_Aires', 'Etc/GMT+1', '+02:00', 'GMT+2'])(
    'gives the time zone %s',
    (zoneinfo) => {
      expect(judge({ zoneinfo })).toMatchObject({ principal: { timeZone: zoneinfo } });
    },
  );

  it.each(['', '/UTC', 'Europe/', 'a/b/c/d', 'Europe/London; x', 'Mars/Olympus', 7, null])(
    'gives no time zone where it is %j',
    (zoneinfo) => {
      const verdict = judge({ zoneinfo });
      expect(verdict.ok && verdict.principal.timeZone).toBeUndefined();
      expect(verdict.ok).toBe(true);
    },
  );

  it('gives an e-mail address of 254 letters, and of no more', () => {
    const ofLength = (length: number) => `${'a'.repeat(length - 5)}@b.cd`;
    expect(judge({ email: ofLength(254) })).toMatchObject({ principal: { email: ofLength(254) } });
    for (const email of [ofLength(255), 7]) {
      const verdict = judge({ email });
      expect(verdict.ok && verdict.principal.email).toBeUndefined();
    }
  });
});

describe('the claims of a machine’s token', () => {
  const machine = {
    aud: entityId,
    sub: 'c0ffee00-0000-4000-8000-000000000001',
    applicationId: undefined,
    roles: undefined,
    email: undefined,
    email_verified: undefined,
    permissions: { [entityId]: ['todo-auditor'] },
  };

  it('become a machine whose roles are its permissions on our entity', () => {
    const verdict = judge(machine);
    expect(verdict.ok && verdict.principal).toMatchObject({ kind: 'machine', roles: ['todo-auditor'] });
  });

  it('may list permissions plainly', () => {
    expect(judge({ ...machine, permissions: ['todo-reader'] })).toMatchObject({
      principal: { roles: ['todo-reader'] },
    });
  });

  it('may list permissions plainly only where our entity is the whole audience', () => {
    const plainly = { ...machine, permissions: ['todo-auditor'] };
    expect(judge({ ...plainly, aud: [entityId] })).toMatchObject({ principal: { roles: ['todo-auditor'] } });
    expect(reason({ ...plainly, aud: [entityId, tenantId] })).toBe('permissions');
    expect(reason({ ...machine, aud: [entityId, tenantId] })).toBe('accepted');
  });

  it('become a machine even where its id is a user’s, never that user (OA-12)', () => {
    const { sub } = userClaims(now);
    const [user, namesake] = [judge({ sub }), judge({ ...machine, sub })];
    expect(user).toMatchObject({ principal: { kind: 'user', subject: sub } });
    expect(namesake).toMatchObject({ principal: { kind: 'machine', subject: sub, roles: ['todo-auditor'] } });
    expect(namesake).not.toHaveProperty('principal.email');
  });

  it('carry no permission of another entity', () => {
    expect(judge({ ...machine, permissions: { [tenantId]: ['todo-auditor'] } })).toMatchObject({
      principal: { roles: [] },
    });
    expect(judge({ ...machine, permissions: { constructor: ['x'] } })).toMatchObject({
      principal: { roles: [] },
    });
  });

  it.each([
    ['a registration', { applicationId }, 'token-kind'],
    ['the application as its subject', { sub: applicationId }, 'token-kind'],
    ['permissions that are null', { permissions: null }, 'permissions'],
    ['no permissions', { permissions: undefined }, 'permissions'],
    ['permissions that are text', { permissions: { [entityId]: 'todo-auditor' } }, 'permissions'],
  ])('are refused with %s', (_what, changes, expectedReason) => {
    expect(reason({ ...machine, ...changes })).toBe(expectedReason);
  });

  it.each([entityId, undefined])('are refused where no entity is configured, for the audience %s', (aud) => {
    const { entityId: _unset, ...without } = expected;
    const claims = JSON.parse(JSON.stringify({ ...userClaims(now), ...machine, aud }));
    expect(judgeClaims(claims, without, at(now))).toMatchObject({ failure: { reason: 'audience' } });
  });
});
