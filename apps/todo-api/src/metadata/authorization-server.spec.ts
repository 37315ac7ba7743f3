import { authorizationServer } from './authorization-server.js';

const inside = { FUSIONAUTH_URL: 'http://fusionauth:9011' };

describe('the authorization server in the metadata', () => {
  it('is the configured URL, for any issuer', () => {
    const config = { ...inside, FUSIONAUTH_PUBLIC_URL: 'https://auth.example.com' };
    expect(authorizationServer(config, 'https://issuer.example')).toBe('https://auth.example.com');
  });

  it('is the issuer if that is a URL', () => {
    expect(authorizationServer(inside, 'https://auth.example.com/t1')).toBe('https://auth.example.com/t1');
  });

  it.each([
    'acme.com',
    'urn:issuer',
    'localhost:9011',
    'https://auth.example.com?x=1',
    'https://auth.example.com#x',
    undefined,
  ])('is FUSIONAUTH_URL for the issuer %s, which is not an issuer identifier', (issuer) => {
    expect(authorizationServer(inside, issuer)).toBe('http://fusionauth:9011');
  });
});
