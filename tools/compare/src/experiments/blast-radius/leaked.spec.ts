import { presentations } from './leaked.js';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('a leaked credential is tried', () => {
  it('as a bearer token and bare, when it is a token', () => {
    expect(presentations({ headers: { Authorization: 'Bearer t' } })).toEqual(['Bearer t', 't']);
  });

  it('bare, as a bearer token and by Basic, when it is a key', () => {
    const key = { headers: { 'X-API-Key': 'k' }, secret: 'k' };
    // cspell:ignore apikey
    expect(presentations(key)).toEqual(['k', 'Bearer k', basic('apikey:k')]);
  });

  it('with the secret that gets it as well, when that leaked too', () => {
    const machine = { headers: { Authorization: 'Bearer t' }, secret: 's', clientId: 'c' };
    expect(presentations(machine)).toEqual(['Bearer t', 't', 's', 'Bearer s', basic('c:s')]);
  });

  it('as the pair that it is, when it is e-mail and token', () => {
    const pair = { headers: { Authorization: basic('a@example.com:t') }, secret: 't' };
    expect(presentations(pair)).toEqual([basic('a@example.com:t'), 't', 'Bearer t', basic('apikey:t')]);
  });
});
