import { mintApiKey } from '#gatehouse/auth';
import { presentedBy } from './presented.js';

const key = mintApiKey('0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e');

describe('a credential that is given to the doctor', () => {
  it.each([
    ['Authorization: Bearer eyJhbGciOi.e30.c2ln', 'jwt', 'authorization', 'Bearer eyJhbGciOi.e30.c2ln'],
    ['bearer eyJhbGciOi.e30.c2ln', 'jwt', 'authorization', 'bearer eyJhbGciOi.e30.c2ln'],
    ['eyJhbGciOi.e30.c2ln\n', 'jwt', 'authorization', 'Bearer eyJhbGciOi.e30.c2ln'],
    ['X-API-Key: a-key-of-anybody', 'api-key', 'x-api-key', 'a-key-of-anybody'],
    [`${key}\n`, 'api-key', 'x-api-key', key],
    ['Basic YTpi', 'email-token', 'authorization', 'Basic YTpi'],
    ['a@example.com:token', 'email-token', 'authorization', `Basic ${btoa('a@example.com:token')}`],
  ])('%j is recognised', (text, strategy, header, value) => {
    const presented = presentedBy(text);
    expect([presented?.strategy, presented?.request.header(header)]).toEqual([strategy, [value]]);
  });

  it.each([
    ['a refresh token, a client secret or an authentication token', 'k7Zr-9'.repeat(8)],
    ['a key of our own form whose checksum is wrong', `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
    ['nothing', ''],
    ['a password', 'correct horse battery staple'],
  ])('is not recognised in %s', (_what, text) => {
    expect(presentedBy(text)).toBeUndefined();
  });
});
