import { chooseSource } from './source.js';

describe('the credential source of the Reminder App', () => {
  it.each([
    [undefined, 'jwt'],
    ['jwt', 'jwt'],
    ['api-key', 'api-key'],
    ['email-token,jwt', 'email-token'],
    ['jwt, api-key', 'jwt'],
  ])('is for AUTH_STRATEGY=%s by default %s, that of the first strategy', (AUTH_STRATEGY, source) => {
    expect(chooseSource({ AUTH_STRATEGY })).toEqual({ source, problems: [] });
  });

  it.each([
    ['jwt', 'client-credentials'],
    ['jwt,email-token', 'email-token'],
  ])('is for AUTH_STRATEGY=%s the chosen %s', (AUTH_STRATEGY, source) => {
    expect(chooseSource({ AUTH_STRATEGY, CREDENTIAL_SOURCE: source })).toEqual({ source, problems: [] });
  });

  it.each(['client-credentials', 'magic'])(
    'is refused when it is %s and no active strategy accepts that',
    (source) => {
      const { problems } = chooseSource({ AUTH_STRATEGY: 'api-key,email-token', CREDENTIAL_SOURCE: source });
      expect(problems).toEqual([
        'CREDENTIAL_SOURCE: AUTH_STRATEGY=api-key,email-token accepts api-key, email-token here (example: api-key)',
      ]);
    },
  );
});
