import { ownEnvironment } from './own-environment.js';

describe('the environment of parts that are started together', () => {
  it('leaves out what points at other servers, and names it', () => {
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
