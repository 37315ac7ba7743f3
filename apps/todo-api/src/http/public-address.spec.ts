import { addressNotes, PublicAddress } from './public-address.js';

describe('the public address', () => {
  it('adds the prefix that a proxy strips to every link', () => {
    const address = new PublicAddress('https://h.example/api/v1');
    address.listensAt('http://127.0.0.1:3000');
    expect(address.url).toBe('https://h.example/api/v1');
    expect(address.prefix).toBe('/api/v1');
    expect(address.link('/todos/1')).toBe('https://h.example/api/v1/todos/1');
    expect(address.problemType('not_found')).toBe('https://h.example/api/v1/docs/errors/not_found');
  });

  it('has no prefix if PUBLIC_URL has no path', () => {
    expect(new PublicAddress('https://h.example').prefix).toBe('');
  });

  it('is where the API listens unless configured, and then its links are relative', () => {
    const address = new PublicAddress(undefined);
    expect(address.url).toBeUndefined();
    address.listensAt('http://127.0.0.1:3000');
    expect([address.url, address.prefix]).toEqual(['http://127.0.0.1:3000', '']);
    expect(address.link('/todos/1')).toBe('/todos/1');
  });
});

describe('a note on the address', () => {
  const production = { NODE_ENV: 'production', HOST: '0.0.0.0' };

  it.each(['0.0.0.0', '::'])('warns in production that clients cannot reach HOST=%s', (HOST) => {
    expect(addressNotes({ ...production, HOST })).toEqual([
      expect.stringMatching(/^PUBLIC_URL is not set and HOST is .*Set PUBLIC_URL/),
    ]);
  });

  it.each([
    { PUBLIC_URL: 'https://h.example' },
    { HOST: '127.0.0.1' },
    { HOST: '10.0.0.7' },
    { NODE_ENV: 'development' },
  ])('says nothing with %j', (other) => {
    expect(addressNotes({ ...production, ...other })).toEqual([]);
  });
});
