import { strategyNames, strategySettings } from '#gatehouse/auth';
import { createLogger, type Environment, parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../config.js';
import { createFusionAuthContext } from '../context.js';
import { guardConfig } from './guard.js';

const configWith = async (environment: Environment) => {
  const context = createFusionAuthContext(parseConfig(devCenterSchema, environment), {
    log: createLogger('test', 'silent'),
  });
  const config = guardConfig(context, strategyNames);
  await context.close();
  return config;
};

describe('the guard of the doctor', () => {
  it('uses the Todo API’s settings of every strategy', async () => {
    const config = await configWith({
      JWT_ENGINE: 'passport-jwt',
      CLOCK_SKEW_SECONDS: '7',
      MAX_TOKEN_LIFETIME_SECONDS: '900',
      ALLOWED_ORIGINS: 'https://a.example,https://b.example',
      FUSIONAUTH_CLIENT_SECRET: 'the-secret-of-the-application',
      API_KEY_FORMAT: 'issued',
      API_KEY_DEFAULT_ROLES: 'todo-reader,todo-auditor',
    });
    expect(config).toMatchObject({
      JWT_ENGINE: 'passport-jwt',
      CLOCK_SKEW_SECONDS: 7,
      MAX_TOKEN_LIFETIME_SECONDS: 900,
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
      API_KEY_FORMAT: 'issued',
      API_KEY_DEFAULT_ROLES: ['todo-reader', 'todo-auditor'],
    });
    expect(config.FUSIONAUTH_CLIENT_SECRET?.reveal()).toBe('the-secret-of-the-application');
  });

  it('has the settings of every strategy in its schema', () => {
    expect(Object.keys(devCenterSchema.shape)).toEqual(expect.arrayContaining(Object.keys(strategySettings)));
  });

  it('validates tokens without the Todo API’s own key if that is not set', async () => {
    expect(await configWith({ JWT_VALIDATION: 'session' })).toMatchObject({ JWT_VALIDATION: 'local' });
    expect(await configWith({ FUSIONAUTH_API_KEY: 'k'.repeat(40) })).toMatchObject({
      JWT_VALIDATION: 'session',
    });
  });

  it('reads a token from the header, where the doctor sends it', async () => {
    expect(await configWith({ TOKEN_LOCATION: 'cookie' })).toMatchObject({ TOKEN_LOCATION: ['header'] });
  });
});
