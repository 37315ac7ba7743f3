import { readAuthConfig } from '../../settings.js';

const settings = (changes: Record<string, string>) => readAuthConfig({ NODE_ENV: 'test', ...changes });
const read = (changes: Record<string, string>) =>
  settings({ TOKEN_LOCATION: 'cookie', ...changes }).TOKEN_COOKIE;

describe('TOKEN_LOCATION', () => {
  it('must name a place', () => {
    expect(settings({}).TOKEN_LOCATION).toEqual(['header']);
    expect(() => settings({ TOKEN_LOCATION: ',' })).toThrow('TOKEN_LOCATION: must name a place');
  });
});

describe('ALLOWED_ORIGINS', () => {
  it('are scheme, host and port, none by default', () => {
    expect(settings({}).ALLOWED_ORIGINS).toEqual([]);
    const allowed = settings({ ALLOWED_ORIGINS: 'https://app.example.com, http://localhost:5173' });
    expect(allowed.ALLOWED_ORIGINS).toEqual(['https://app.example.com', 'http://localhost:5173']);
  });

  it.each(['app.example.com', 'https://app.example.com/', 'https://app.example.com:443', '*', 'null'])(
    'may not be %s',
    (origin) => {
      const refused = 'ALLOWED_ORIGINS: must be origins: only scheme, host and port';
      expect(() => settings({ ALLOWED_ORIGINS: origin })).toThrow(refused);
    },
  );
});

describe('TOKEN_COOKIE', () => {
  it('is the cookie of the hosted backend by default', () => {
    expect(read({})).toEqual(['app.at']);
    expect(read({ TOKEN_COOKIE: 'app.at, access_token' })).toEqual(['app.at', 'access_token']);
  });

  it.each([
    [',', 'TOKEN_COOKIE: must name a cookie'],
    ['a b', 'TOKEN_COOKIE: must be names of cookies'],
    ['a=b', 'TOKEN_COOKIE: must be names of cookies'],
    ['app.at,app.rt', 'TOKEN_COOKIE: must not name the cookie of a refresh token'],
    ['refresh_token', 'TOKEN_COOKIE: must not name the cookie of a refresh token'],
  ])('may not be %j', (value, problem) => {
    expect(() => read({ TOKEN_COOKIE: value })).toThrow(problem);
  });

  it('may not be set where no cookie is read', () => {
    const header = { TOKEN_LOCATION: 'header', TOKEN_COOKIE: 'access_token' };
    expect(() => read(header)).toThrow('TOKEN_COOKIE: is read only if TOKEN_LOCATION includes cookie');
    expect(read({ ...header, TOKEN_COOKIE: 'app.at' })).toEqual(['app.at']);
  });
});
