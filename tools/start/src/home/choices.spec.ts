import { type Environment, parseConfig } from '#gatehouse/platform';
import { startSchema } from '../config.js';
import { modes } from '../once/modes.js';
import { appConfigs } from '../system/app-configs.js';
import { choicesOf, settingsOf } from './choices.js';

const config = parseConfig(startSchema, { DATA_DIR: '/data' });
const configsOf = (environment: Environment) => appConfigs(environment, config);
/** Some modes differ only in the credential source of the Reminder App. */
const waysToGuard = new Set(modes.map(({ environment }) => JSON.stringify(environment))).size;
const choices = (started: Environment) => choicesOf(started, configsOf);

describe('the choices of the home page', () => {
  it('are the settings of the start, then every other way to guard the Todo API once', () => {
    const titles = choices({}).map(({ id, title }) => `${id}: ${title}`);
    expect(titles[0]).toBe('as-started: AUTH_STRATEGY=jwt JWT_VALIDATION=local');
    expect(titles).toContain('jwt/introspection: AUTH_STRATEGY=jwt JWT_VALIDATION=introspection');
    expect(titles).toContain('jwt/local+push: AUTH_STRATEGY=jwt JWT_VALIDATION=local REVOCATION=push');
    expect(titles).toContain('api-key: AUTH_STRATEGY=api-key');
    // The mode that equals the start is listed as the start.
    expect(titles).toHaveLength(waysToGuard);
    expect(new Set(choices({}).map(({ title }) => title)).size).toBe(waysToGuard);
  });

  it('are one more where none of them is like the start', () => {
    const started = choices({ AUTH_STRATEGY: 'jwt,api-key' });
    expect(started[0].title).toBe('AUTH_STRATEGY=jwt,api-key JWT_VALIDATION=local');
    expect(started).toHaveLength(waysToGuard + 1);
  });

  it('keep what else the start was given, and take over neither its revocation nor its credential source', () => {
    const given = {
      REVOCATION: 'push',
      CREDENTIAL_SOURCE: 'client-credentials',
      CREDENTIAL_CACHE_SECONDS: '7',
    };
    const [first, ...others] = choices(given);
    expect(first.environment).toBe(given);
    expect(first.title).toContain('REVOCATION=push CREDENTIAL_SOURCE=client-credentials');
    const byId = new Map(others.map((choice) => [choice.id, configsOf(choice.environment)]));
    expect(byId.get('jwt/local')).toMatchObject({
      source: 'jwt',
      todoApi: { REVOCATION: 'off', CREDENTIAL_CACHE_SECONDS: 7 },
    });
    expect(byId.get('jwt/local+push')?.todoApi.REVOCATION).toBe('push');
  });

  it('are all usable settings, and each title says what a shell needs for it', () => {
    for (const { title, environment } of choices({})) {
      const said = Object.fromEntries(title.split(' ').map((part) => part.split('=')));
      expect([title, settingsOf(configsOf(said))]).toEqual([title, title]);
      expect(settingsOf(configsOf(environment))).toBe(title);
    }
  });
});
