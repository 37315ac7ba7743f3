import { appHelp } from '#gatehouse/platform';
import { startSchema } from './config.js';
import { appSettings, ownEnvironment } from './environment.js';

describe('the environment of apps that are started together', () => {
  it('omits variables that point at other servers, and names them', () => {
    const shell = {
      FUSIONAUTH_URL: 'https://auth.example.com',
      FUSIONAUTH_API_KEY: 'k',
      SMTP_URL: 'smtps://mail.example.com',
      FUSIONAUTH_DEADLINE_MS: '500',
      JWT_VALIDATION: 'local',
      TODO_API_URL: '',
      AUTHENTICATION_TOKEN_FILE: '/run/secrets/token',
      CREDENTIAL_SOURCE: 'email-token',
      PORT: '3555',
    };
    expect(ownEnvironment(shell)).toEqual({
      environment: {
        FUSIONAUTH_DEADLINE_MS: '500',
        JWT_VALIDATION: 'local',
        CREDENTIAL_SOURCE: 'email-token',
      },
      ignored: ['FUSIONAUTH_URL', 'FUSIONAUTH_API_KEY', 'SMTP_URL', 'AUTHENTICATION_TOKEN_FILE', 'PORT'],
    });
  });
});

const named = appSettings().map(({ name }) => name);

describe('npm start -- --help', () => {
  it('names the settings that the apps take, once each', () => {
    expect(named).toEqual(
      expect.arrayContaining(['AUTH_STRATEGY', 'JWT_VALIDATION', 'CREDENTIAL_SOURCE', 'MAIL_FROM', 'DOCS']),
    );
    expect(new Set(named).size).toBe(named.length);
  });

  it('omits what its own settings decide, and what points at other servers', () => {
    for (const name of ['PORT', 'HOST', 'DATA_DIR', 'FUSIONAUTH_URL', 'SMTP_URL', 'API_KEY', 'TODO_API_URL'])
      expect(named).not.toContain(name);
  });

  it('shows them under their own heading, with the defaults that apply here', () => {
    const further = { title: 'Environment of the apps:', settings: appSettings() };
    const text = appHelp({ name: 'start', about: 'all', schema: startSchema, further });
    expect(text.split('Environment of the apps:\n')[1]).toMatch(/^ {2}AUTH_STRATEGY .*\(default jwt\)$/m);
    expect(text).toMatch(/FUSIONAUTH_DEADLINE_MS .*\(default 5000\)/);
  });
});
