import { ConfigurationError } from '#gatehouse/platform';
import { notYetKnown, partConfigs } from './part-configs.js';
import type { Places } from './places.js';

const places: Places = {
  host: '127.0.0.1',
  todoApiPort: 3100,
  metricsPort: 9100,
  devCenterPort: 3101,
  sandboxPort: 9111,
  pagePort: 1180,
  smtpPort: 1125,
  unsubscribePort: 3103,
  dataDir: '/data',
  reminderDataDir: '/data/reminder-of-a-mode',
};

describe('the configuration of the parts', () => {
  it('points each at the others and passes the rest of the environment on', () => {
    const { todoApi, reminder } = partConfigs(
      { PORT: '1', REMINDER_WINDOW_HOURS: '48' },
      places,
      notYetKnown,
    );
    expect(todoApi).toMatchObject({
      PORT: 3100,
      METRICS_PORT: 9100,
      FUSIONAUTH_URL: 'http://127.0.0.1:9111',
      DATA_DIR: '/data',
    });
    expect(reminder).toMatchObject({
      TODO_API_URL: 'http://127.0.0.1:3100',
      FUSIONAUTH_URL: 'http://127.0.0.1:9111',
      DATA_DIR: '/data/reminder-of-a-mode',
      REFRESH_TOKEN_FILE: '/data/reminder-of-a-mode/refresh-token',
      REMINDER_WINDOW_HOURS: 48,
    });
    expect(reminder.SMTP_URL.reveal()).toBe('smtp://127.0.0.1:1125');
    expect(reminder).toMatchObject({ PORT: 3103, UNSUBSCRIBE_URL: 'http://127.0.0.1:3103' });
  });

  it('gives the Todo API the sandbox’s secrets that it may know, and no others', () => {
    const secrets = { FUSIONAUTH_CLIENT_SECRET: 'of-the-sandbox', FUSIONAUTH_MANAGER_KEY: 'not-for-the-api' };
    const { todoApi } = partConfigs({ JWT_VALIDATION: 'introspection' }, places, secrets);
    expect(todoApi.FUSIONAUTH_CLIENT_SECRET?.reveal()).toBe('of-the-sandbox');
    expect(todoApi.FUSIONAUTH_MANAGER_KEY).toBeUndefined();
  });

  it('lets machines’ tokens in by the entity for which the Reminder App and the Dev Center ask', () => {
    const secrets = { REMINDER_ENTITY_SECRET: 'of-the-entity' };
    const machine = partConfigs({ CREDENTIAL_SOURCE: 'client-credentials' }, places, secrets);
    expect(machine.todoApi.FUSIONAUTH_ENTITY_ID).toBe(machine.reminder.TARGET_ENTITY_ID);
    expect(machine.todoApi.FUSIONAUTH_ENTITY_ID).toBe(machine.devCenter.FUSIONAUTH_ENTITY_ID);
    expect(machine.reminder.CLIENT_SECRET?.reveal()).toBe('of-the-entity');
  });

  it('lets the Dev Center issue API keys by which the Todo API knows their clients', () => {
    const { todoApi, devCenter } = partConfigs({ DATABASE_URL: 'postgresql://localhost/todo' }, places, {});
    expect(devCenter.PRINCIPAL_KEY?.reveal()).toBe(todoApi.PRINCIPAL_KEY?.reveal());
    expect(devCenter.PRINCIPAL_KEY).toBeDefined();
  });

  it('keeps the Dev Center on the loopback address, with the keys that no other part may have', () => {
    const secrets = { FUSIONAUTH_MANAGER_KEY: 'for-the-dev-center' };
    const { devCenter } = partConfigs(
      { PUBLIC_URL: 'https://elsewhere' },
      { ...places, host: '0.0.0.0' },
      secrets,
    );
    expect(devCenter).toMatchObject({ HOST: '127.0.0.1', PORT: 3101, PUBLIC_URL: 'http://127.0.0.1:3001' });
    expect(devCenter.FUSIONAUTH_MANAGER_KEY?.reveal()).toBe('for-the-dev-center');
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:3100'],
    ['192.0.2.7', 'http://192.0.2.7:3100'],
    ['2001:db8::7', 'http://[2001:db8::7]:3100'],
  ])('lets the Reminder App reach an API that listens on %s at %s', (host, url) => {
    expect(partConfigs({}, { ...places, host }, notYetKnown).reminder.TODO_API_URL).toBe(url);
  });

  it('names the problems of every part at once', () => {
    const broken = () =>
      partConfigs({ AUTH_STRATEGY: 'magic', REMINDER_SCHEDULE: 'sometimes' }, places, notYetKnown);
    expect(broken).toThrow(ConfigurationError);
    expect(broken).toThrow(/AUTH_STRATEGY[^]*REMINDER_SCHEDULE/);
  });
});
