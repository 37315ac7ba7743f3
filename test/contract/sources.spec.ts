import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  createSource,
  CredentialFailure,
  credentialSettings,
  type CredentialSource,
  settingsOf,
} from '#gatehouse/credentials';
import { type Environment, parseConfig, rereadSecret } from '#gatehouse/platform';
import { applicationId } from '../../tools/issuer/src/token-minter.js';
import { silentLog } from '../support/embedded-database.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';
import { todoApiEntity } from './machine.modes.js';
import { logIn, newPerson } from './people.js';

const never = new AbortController().signal;
const reminderEntity = '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44';

/** Tests every source of a client against the strategy that verifies its credential. */
describe('the credential source', () => {
  let world: ContractWorld;
  let directory: string;

  beforeAll(async () => {
    world = await startContractWorld();
    directory = await mkdtemp(join(tmpdir(), 'gatehouse-sources-'));
  });
  afterAll(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  function source(environment: Environment): CredentialSource {
    const schema = z.object({ ...credentialSettings, ...settingsOf(environment['CREDENTIAL_SOURCE']) });
    const parts = {
      issuerUrl: world.sandbox.url,
      clock: world.sandbox.clock.now,
      log: silentLog,
      pause: () => Promise.resolve(),
      reread: (name: string) => rereadSecret(name, environment),
    };
    const config = parseConfig<z.ZodObject<typeof credentialSettings>>(schema, environment);
    return createSource(config, parts);
  }

  const secretOf = (name: string) => world.sandbox.secrets[name] ?? '';
  const present = async (door: Door, from: CredentialSource) => {
    const headers = Object.fromEntries(await from.authorization(never));
    return JSON.parse((await door.get('/me', headers)).text) as {
      via?: string;
      roles?: string[];
      code?: string;
    };
  };

  const refreshTokenFile = async () => {
    const file = join(directory, randomUUID());
    const tokens = await logIn(world, await newPerson(world));
    await writeFile(file, tokens.refresh_token ?? '', { mode: 0o600 });
    return file;
  };
  const personal = (file: string, changes: Environment = {}) =>
    source({
      CREDENTIAL_SOURCE: 'jwt',
      REFRESH_TOKEN_FILE: file,
      CLIENT_ID: applicationId,
      ...changes,
    });

  const machine = (changes: Environment = {}) =>
    source({
      CREDENTIAL_SOURCE: 'client-credentials',
      CLIENT_ID: reminderEntity,
      CLIENT_SECRET: secretOf('REMINDER_ENTITY_SECRET'),
      TARGET_ENTITY_ID: todoApiEntity,
      ...changes,
    });

  it('jwt is accepted by strategy jwt, before and after its refresh token is rotated', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'jwt' });
    const jwt = personal(await refreshTokenFile());
    await expect(present(door, jwt)).resolves.toMatchObject({ via: 'jwt', roles: ['todo-reader'] });
    world.sandbox.clock.advance(3_500_000);
    await expect(present(door, jwt)).resolves.toMatchObject({ via: 'jwt', roles: ['todo-reader'] });
    expect(world.sandbox.requests.count('POST /oauth2/token')).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['jwt', async () => personal(await refreshTokenFile())],
    ['client-credentials', () => Promise.resolve(machine())],
  ])('%s discovers the token endpoint only once', async (_name, made) => {
    const from = await made();
    const discovery = 'GET /.well-known/openid-configuration';
    const { requests } = world.sandbox;
    const [tokens, lookedFor] = [requests.count('POST /oauth2/token'), requests.count(discovery)];

    for (let refresh = 0; refresh < 3; refresh++) {
      await from.authorization(never);
      from.invalidate();
    }

    expect([requests.count('POST /oauth2/token') - tokens, requests.count(discovery) - lookedFor]).toEqual([
      3, 1,
    ]);
  });

  it('jwt reads the secret of the application from its file at each refresh, and names the setting if FusionAuth refuses it', async () => {
    const secret = join(directory, 'application-secret');
    await writeFile(secret, 'the-secret-before-the-rotation');
    const jwt = personal(await refreshTokenFile(), { CLIENT_SECRET_FILE: secret });
    await expect(jwt.authorization(never)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/CLIENT_ID.*CLIENT_SECRET/) as string,
    });

    await writeFile(secret, secretOf('FUSIONAUTH_CLIENT_SECRET'));

    await expect(jwt.authorization(never)).resolves.toBeDefined();
  });

  it('client-credentials is accepted by strategy jwt as a machine, and replaced before it expires', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'jwt', FUSIONAUTH_ENTITY_ID: todoApiEntity });
    const reminder = machine();
    await expect(present(door, reminder)).resolves.toMatchObject({
      kind: 'machine',
      roles: ['todo-auditor'],
    });
    world.sandbox.clock.advance(3_500_000);
    await expect(present(door, reminder)).resolves.toMatchObject({
      kind: 'machine',
      roles: ['todo-auditor'],
    });
  });

  it.each<[string, Environment, RegExp]>([
    ['a wrong secret', { CLIENT_SECRET: 'wrong' }, /CLIENT_ID and CLIENT_SECRET/],
    ['an unknown target', { TARGET_ENTITY_ID: applicationId }, /TARGET_ENTITY_ID/],
  ])('client-credentials says what to do about %s', async (_what, changes, cure) => {
    const error = await machine(changes)
      .authorization(never)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'refused', exitCode: 3, message: expect.stringMatching(cure) });
  });

  it('client-credentials reports a FusionAuth that does not answer as unavailable', async () => {
    world.sandbox.faults.set('*', { status: 503 });
    const error = await machine()
      .authorization(never)
      .catch((thrown: unknown) => thrown);
    world.sandbox.faults.clear();
    expect(error).toBeInstanceOf(CredentialFailure);
    expect(error).toMatchObject({ kind: 'unavailable', exitCode: 4 });
  });

  it('api-key is accepted by strategy api-key', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'api-key' });
    const key = source({ CREDENTIAL_SOURCE: 'api-key', API_KEY: secretOf('REMINDER_API_KEY') });
    await expect(present(door, key)).resolves.toMatchObject({ via: 'api-key', roles: ['todo-reader'] });
  });

  it('api-key is read from its file again after a refusal, so that a rotation needs no restart', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'api-key' });
    const file = join(directory, 'api-key');
    await writeFile(file, 'a-key-that-was-deleted-at-fusionauth');
    const key = source({ CREDENTIAL_SOURCE: 'api-key', API_KEY_FILE: file });
    await expect(present(door, key)).resolves.toMatchObject({ code: 'invalid_token' });

    await writeFile(file, secretOf('REMINDER_API_KEY'));
    key.invalidate();

    await expect(present(door, key)).resolves.toMatchObject({ via: 'api-key' });
  });

  it('client-credentials reads its secret from the file whenever a token is due', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'jwt', FUSIONAUTH_ENTITY_ID: todoApiEntity });
    const file = join(directory, 'client-secret');
    await writeFile(file, 'the-secret-before-the-rotation');
    const reminder = machine({ CLIENT_SECRET: undefined, CLIENT_SECRET_FILE: file });
    await expect(reminder.authorization(never)).rejects.toMatchObject({ kind: 'refused' });

    await writeFile(file, secretOf('REMINDER_ENTITY_SECRET'));

    await expect(present(door, reminder)).resolves.toMatchObject({ kind: 'machine' });
  });

  it('email-token is accepted by strategy email-token', async () => {
    const door = await world.open({ AUTH_STRATEGY: 'email-token' });
    const pair = source({
      CREDENTIAL_SOURCE: 'email-token',
      LOGIN_EMAIL: 'reminder@clients.example.com',
      AUTHENTICATION_TOKEN: secretOf('REMINDER_AUTHENTICATION_TOKEN'),
    });
    await expect(present(door, pair)).resolves.toMatchObject({ via: 'email-token', roles: ['todo-auditor'] });
  });
});
