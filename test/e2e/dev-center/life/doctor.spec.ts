import { randomUUID } from 'node:crypto';
import { Secret } from '#gatehouse/platform';
import { checkCredential } from '../../../../apps/dev-center/src/doctor/credential.js';
import { checkSetUp } from '../../../../apps/dev-center/src/doctor/set-up.js';
import { tokenMinter } from '../../../../tools/issuer/src/token-minter.js';
import { call, tenantId } from '../../sandbox/started-sandbox.js';
import { strategies } from '../center-world.js';
import { issue, newest, now, status, world } from './ground.js';

describe('doctor', () => {
  interface Check {
    readonly name: string;
    readonly ok?: boolean;
    readonly text?: string;
  }
  const examine = async (file?: string) =>
    (await world.run('doctor', { file })) as { setUp: Check[]; credential: Check[]; ok: boolean };
  const examineAlone = (credential: string) => checkCredential(world.center, credential);
  const refusedAt = (checks: readonly Check[]) =>
    checks.filter(({ ok }) => ok === false).map(({ name }) => name);

  it('reports no failed check for a FusionAuth that is configured correctly', async () => {
    const { setUp, ok } = await examine();
    expect([ok, setUp.filter((check) => check.ok === true).map(({ name }) => name)]).toEqual([
      true,
      ['issuer', 'clock', 'keys', 'set-up'],
    ]);
  });

  it('reports clocks that differ, a wrong issuer, a missing redirect URI and an unavailable FusionAuth', async () => {
    world.sandbox.clock.advance(120_000);
    expect((await examine()).setUp).toContainEqual({
      name: 'clock',
      ok: false,
      text: expect.stringMatching(/1(?:19|20) s ahead of this machine's.*NTP/) as string,
    });
    world.sandbox.clock.reset();
    const clock = () => now() + 120_000;
    expect(await checkSetUp({ ...world.center, clock })).toContainEqual({
      name: 'clock',
      ok: false,
      text: expect.stringMatching(/1(?:19|20|21) s behind this machine's/) as string,
    });
    const data = Object.assign(Object.create(world.center.data) as typeof world.center.data, {
      readClock: () => Promise.resolve(undefined),
    });
    expect(await checkSetUp({ ...world.center, data })).toContainEqual({
      name: 'clock',
      text: 'FusionAuth does not state its time',
    });
    const changed = (changes: object) =>
      checkSetUp({ ...world.center, config: { ...world.config, ...changes } });
    expect(await changed({ FUSIONAUTH_ISSUER: 'elsewhere', PUBLIC_URL: 'https://dev.example.com' })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'issuer', ok: false }),
        expect.objectContaining({
          name: 'application',
          text: expect.stringMatching(
            /lacks https:\/\/dev\.example\.com\/callback.*npm run provision/,
          ) as string,
        }),
      ]),
    );
    world.sandbox.faults.set('*', { status: 503 });
    expect(await world.run('doctor', { canary: true })).toMatchObject({
      setUp: [{ name: 'FusionAuth', ok: false }],
      canary: [],
      ok: false,
    });
  });

  it('reports keys that lack permissions, are unknown to FusionAuth or are not set', async () => {
    const key = 'a-weak-key-of-the-todo-api-0123456789';
    const weak = { tenantId, key, permissions: { endpoints: { '/api/group': ['GET'] } } };
    await call(world.sandbox, 'POST', `/api/api-key/${randomUUID()}`, { apiKey: weak });
    const checkedWith = (changes: object) =>
      checkSetUp({ ...world.center, config: { ...world.config, ...changes } });
    const setUp = await checkedWith({ FUSIONAUTH_API_KEY: new Secret(key) });
    for (const name of ['keys', 'set-up']) {
      expect(setUp).toContainEqual({
        name,
        ok: false,
        text: expect.stringContaining('FUSIONAUTH_API_KEY') as string,
      });
    }
    const unknown = { FUSIONAUTH_MANAGER_KEY: new Secret('unknown'), FUSIONAUTH_BOOTSTRAP_KEY: undefined };
    expect(await checkedWith(unknown)).toContainEqual({
      name: 'set-up',
      ok: false,
      text: 'FUSIONAUTH_MANAGER_KEY does not permit GET /api/tenant, or is not a key of this FusionAuth',
    });
    const unset = { FUSIONAUTH_API_KEY: undefined };
    expect(await checkedWith(unset)).toEqual(
      expect.arrayContaining([
        { name: 'keys', ok: true },
        { name: 'the Todo API’s own key', text: expect.stringContaining('is not set here') as string },
      ]),
    );
    const center = { ...world.center, config: { ...world.config, ...unset } };
    expect(await checkCredential(center, 'somebody@clients.example.com:a-token')).toEqual([
      {
        name: 'email-token',
        text: expect.stringContaining('cannot be tried here: FUSIONAUTH_API_KEY') as string,
      },
    ]);
  });

  it('changes nothing in FusionAuth', async () => {
    const config = { ...world.config, PUBLIC_URL: 'https://unregistered.example.com' };
    const application = async () =>
      (await checkSetUp({ ...world.center, config })).find(({ name }) => name === 'application');
    const before = await application();
    expect(before).toMatchObject({ ok: false });
    expect(await application()).toEqual(before);
  });

  it.each(strategies)(
    'reports the step that refuses a credential by %s, and never shows it',
    async (strategy) => {
      const client = `sick-${strategy}`;
      await issue(client, strategy);
      const headers = await newest();
      const [[name, value]] = Object.entries(headers) as [[string, string]];
      const sent = `${name}: ${value}`;
      const healthy = await examine(sent);
      expect([healthy.ok, refusedAt(healthy.credential)]).toEqual([true, []]);
      expect(healthy.credential.at(-1)).toMatchObject({
        name: 'accepted',
        ok: true,
        text: expect.stringMatching(/ with todo-reader, todo-writer$/) as string,
      });

      const broken = await examineAlone(sent.slice(0, -3));
      expect(refusedAt(broken)).toHaveLength(1);
      await world.run('revoke', { client, strategy });
      const ended = await examineAlone(sent);
      expect(refusedAt(ended)).toContain(
        {
          jwt: 'session',
          'client-credentials': 'session',
          'api-key': 'FusionAuth knows it',
          'email-token': 'FusionAuth’s Login API',
        }[strategy],
      );
      expect(JSON.stringify([healthy, broken, ended])).not.toContain(value.split(' ').at(-1));
    },
  );

  it.each([
    ['jwt', ['a refresh token', 'not tried'], ['POST /oauth2/token', 'GET /api/group', 'POST /api/login']],
    ['client-credentials', ['a client secret', 'as '], ['GET /api/group', 'POST /api/login']],
    ['api-key', ['as '], ['POST /oauth2/token', 'POST /api/login']],
    ['email-token', ['an authentication token', 'as '], ['POST /oauth2/token', 'GET /api/group']],
  ] as const)(
    'recognises the file that issue --out writes for %s, and sends it to FusionAuth only as that',
    async (strategy, texts, never) => {
      const client = `kept-${strategy}`;
      await issue(client, strategy);
      const secret = world.handedOver.at(-1)!.secret.value.reveal();
      world.sandbox.requests.clear();
      const checks = await examineAlone(`${secret}\n`);
      expect([strategy, refusedAt(checks)]).toEqual([strategy, []]);
      expect(checks.map(({ text }) => text).join('\n')).toContain(`of ${client} (`);
      for (const text of texts) expect(checks.map((one) => one.text ?? '').join('\n')).toContain(text);
      expect(JSON.stringify(checks)).not.toContain(secret);
      for (const operation of never)
        expect([operation, world.sandbox.requests.count(operation)]).toEqual([operation, 0]);
      // A refresh token is still good afterwards.
      expect(await status(await newest())).toBe(200);
      await world.run('revoke', { client, strategy });
      world.sandbox.requests.clear();
      const ended = refusedAt(await examineAlone(secret));
      // Only an API key is recognised by its form, and sent without its record.
      if (strategy === 'api-key') expect(ended).toEqual(['issued here', 'FusionAuth knows it']);
      else expect([ended, world.sandbox.requests.counts()]).toEqual([['issued here'], {}]);
    },
  );

  it('reports a client secret that was changed in FusionAuth, and not that of a FusionAuth which does not answer', async () => {
    await issue('changed-elsewhere', 'client-credentials');
    const { settings, secret } = world.handedOver.at(-1)!;
    const text = secret.value.reveal();
    world.sandbox.faults.set('POST /oauth2/token', { status: 503 });
    await expect(examineAlone(text)).rejects.toThrow('503');
    world.sandbox.faults.clear();
    const entity = { clientSecret: 'another-secret-of-the-entity' };
    await call(world.sandbox, 'PATCH', `/api/entity/${settings['CLIENT_ID']}`, { entity });
    expect((await examineAlone(text)).at(-1)).toMatchObject({
      ok: false,
      text: expect.stringContaining('its secret was changed in FusionAuth') as string,
    });
    await call(world.sandbox, 'DELETE', `/api/entity/${settings['CLIENT_ID']}`);
    const removed = (await examineAlone(text)).filter(({ ok }) => ok === false);
    expect(removed.map((check) => check.text)).toEqual(['no longer exists in FusionAuth, or is deactivated']);
  });

  it('cannot lock an account by guesses, which count together with those at the Todo API', async () => {
    await issue('guessed-at', 'email-token');
    const { settings, secret } = world.handedOver.at(-1)!;
    const { LOGIN_EMAIL: email = '' } = settings;
    for (const guess of ['a', 'b'])
      await status({ authorization: `Basic ${Buffer.from(`${email}:${guess}`).toString('base64')}` });
    for (const guess of ['c', 'd', 'e']) await examineAlone(`${email}:${guess}`);
    const token = secret.value.reveal();
    const logIn = world.center.data.login({ email, token, address: '' }, AbortSignal.timeout(5_000));
    expect(await logIn).toMatchObject({ kind: 'accepted' });
  });

  it('does not send an unrecognised text anywhere, and reports how to write it', async () => {
    world.sandbox.requests.clear();
    const checks = await examineAlone('k'.repeat(43));
    expect(checks).toEqual([
      expect.objectContaining({
        name: 'form',
        ok: false,
        text: expect.stringMatching(/sent nowhere.*X-API-Key: KEY/) as string,
      }),
    ]);
    expect(world.sandbox.requests.counts()).toEqual({});
  });

  it.each([
    ['a token of another issuer', { iss: 'elsewhere' }, 'issuer'],
    ['an expired one', { exp: 1, iat: 0 }, 'times'],
    ['an ID token', { nonce: 'n' }, 'kind'],
    ['one for another application', { aud: 'another' }, 'audience'],
    ['one that was made up', {}, 'key'],
  ])('reports the step that refuses %s', async (_what, claims, step) => {
    const minter = tokenMinter(now);
    expect(refusedAt(await examineAlone(await minter.mint(claims)))).toEqual([step]);
  });

  it('uses the Todo API’s settings', async () => {
    const minter = tokenMinter(now);
    const token = await minter.mint({});
    const judged = (changes: object, credential: string) =>
      checkCredential({ ...world.center, config: { ...world.config, ...changes } }, credential);
    expect(refusedAt(await judged({ AUTH_STRATEGY: ['api-key'] }, token))).toContain('jwt');
    expect(refusedAt(await judged({ MAX_TOKEN_LIFETIME_SECONDS: 5 }, token))).toEqual(['times']);
    const foreign = `x-api-key: ${'k'.repeat(30)}`;
    expect(refusedAt(await judged({ API_KEY_FORMAT: 'issued' }, foreign))).toEqual(['form']);
    const names = (await judged({ JWT_VALIDATION: 'local' }, token)).map(({ name }) => name);
    expect(names).not.toContain('session');
  });
});
