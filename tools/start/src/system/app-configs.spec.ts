import { ConfigurationError, parseConfig } from '#gatehouse/platform';
import { startSchema } from '../config.js';
import { appConfigs } from './app-configs.js';

const config = parseConfig(startSchema, {
  TODO_API_PORT: '3100',
  TODO_API_METRICS_PORT: '9100',
  DEV_CENTER_PORT: '3101',
  SANDBOX_PORT: '9111',
  MAILBOX_PORT: '1180',
  SMTP_PORT: '1125',
  UNSUBSCRIBE_PORT: '3103',
  DATA_DIR: '/data',
  REMINDER_SCHEDULE: '* * * * *',
});

describe('the configuration of the apps', () => {
  it('points each at the others and passes on the rest of the environment', () => {
    const { todoApi, reminder: reminderConfig } = appConfigs(
      { PORT: '1', REMINDER_WINDOW_HOURS: '48' },
      config,
    );
    const reminder = reminderConfig({});
    expect(todoApi).toMatchObject({
      PORT: 3100,
      METRICS_PORT: 9100,
      FUSIONAUTH_URL: 'http://127.0.0.1:9111',
      DATA_DIR: '/data',
    });
    expect(reminder).toMatchObject({
      TODO_API_URL: 'http://127.0.0.1:3100',
      FUSIONAUTH_URL: 'http://127.0.0.1:9111',
      DATA_DIR: '/data',
      REFRESH_TOKEN_FILE: '/data/refresh-token',
      REMINDER_WINDOW_HOURS: 48,
      REMINDER_SCHEDULE: '* * * * *',
    });
    expect(reminder.SMTP_URL.reveal()).toBe('smtp://127.0.0.1:1125');
    expect(reminder).toMatchObject({
      PORT: 3103,
      UNSUBSCRIBE_URL: 'http://127.0.0.1:3103',
      TODO_PAGE_URL: 'http://127.0.0.1:3101/todos',
    });
  });

  it('gives the Todo API the sandbox’s secrets that it may know, and no others', () => {
    const secrets = { FUSIONAUTH_CLIENT_SECRET: 'of-the-sandbox', FUSIONAUTH_MANAGER_KEY: 'not-for-the-api' };
    const { todoApi } = appConfigs({ JWT_VALIDATION: 'introspection' }, config, secrets);
    expect(todoApi.FUSIONAUTH_CLIENT_SECRET?.reveal()).toBe('of-the-sandbox');
    expect(todoApi.FUSIONAUTH_MANAGER_KEY).toBeUndefined();
  });

  it('lets the Todo API read cookies beside the header, in which the Reminder App sends its token', () => {
    expect(() => appConfigs({ TOKEN_LOCATION: 'cookie' }, config)).toThrow('must include header');
    const { todoApi, devCenter } = appConfigs({}, config);
    expect([todoApi.TOKEN_LOCATION, devCenter.TOKEN_LOCATION]).toEqual(Array(2).fill(['header', 'cookie']));
    expect(appConfigs({ TOKEN_LOCATION: 'header' }, config).todoApi.TOKEN_LOCATION).toEqual(['header']);
  });

  it('lets the todo page of the Dev Center call the Todo API, beside the pages that the shell names', () => {
    const page = 'http://127.0.0.1:3101';
    expect(appConfigs({}, config).todoApi.ALLOWED_ORIGINS).toEqual([page]);
    const other = { ALLOWED_ORIGINS: 'https://app.example.com' };
    expect(appConfigs(other, config).todoApi.ALLOWED_ORIGINS).toEqual(['https://app.example.com', page]);
  });

  it('lets machines’ tokens in by the entity for which the Dev Center issues them', () => {
    const { todoApi, devCenter } = appConfigs({ CREDENTIAL_SOURCE: 'client-credentials' }, config);
    expect(todoApi.FUSIONAUTH_ENTITY_ID).toBe(devCenter.FUSIONAUTH_ENTITY_ID);
  });

  it.each([
    ['email-token', { LOGIN_EMAIL: 'r@example.com', AUTHENTICATION_TOKEN: 'of-the-dev-center' }],
    ['api-key', { API_KEY: 'of-the-dev-center' }],
  ])('gives the Reminder App its credential for %s once that is issued', (AUTH_STRATEGY, credential) => {
    const { reminder } = appConfigs({ AUTH_STRATEGY }, config);
    expect(() => reminder({})).toThrow(ConfigurationError);
    const { CREDENTIAL_SOURCE, API_KEY, AUTHENTICATION_TOKEN } = reminder(credential);
    expect(CREDENTIAL_SOURCE).toBe(AUTH_STRATEGY);
    expect((API_KEY ?? AUTHENTICATION_TOKEN)?.reveal()).toBe('of-the-dev-center');
  });

  it('lets the Dev Center issue API keys that name their clients to the Todo API', () => {
    const { todoApi, devCenter } = appConfigs({ DATABASE_URL: 'postgresql://localhost/todo' }, config, {});
    expect(devCenter.PRINCIPAL_KEY?.reveal()).toBe(todoApi.PRINCIPAL_KEY?.reveal());
    expect(devCenter.PRINCIPAL_KEY).toBeDefined();
  });

  it('keeps the Dev Center on the loopback address, with the keys that no other app may have', () => {
    const secrets = { FUSIONAUTH_MANAGER_KEY: 'for-the-dev-center' };
    const { devCenter } = appConfigs(
      { PUBLIC_URL: 'https://elsewhere' },
      { ...config, HOST: '0.0.0.0' },
      secrets,
    );
    expect(devCenter).toMatchObject({ HOST: '127.0.0.1', PORT: 3101, PUBLIC_URL: 'http://127.0.0.1:3101' });
    expect(devCenter.FUSIONAUTH_MANAGER_KEY?.reveal()).toBe('for-the-dev-center');
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:3100'],
    ['192.0.2.7', 'http://192.0.2.7:3100'],
    ['2001:db8::7', 'http://[2001:db8::7]:3100'],
  ])('lets the Reminder App reach an API that listens on %s at %s', (host, url) => {
    expect(appConfigs({}, { ...config, HOST: host }).reminder({}).TODO_API_URL).toBe(url);
  });

  it('names the problems of every app at once', () => {
    const broken = () =>
      appConfigs({ AUTH_STRATEGY: 'magic' }, { ...config, REMINDER_SCHEDULE: 'sometimes' });
    expect(broken).toThrow(ConfigurationError);
    expect(broken).toThrow(/AUTH_STRATEGY[^]*REMINDER_SCHEDULE/);
  });
});
