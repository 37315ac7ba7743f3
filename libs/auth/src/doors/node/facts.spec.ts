import type { IncomingMessage } from 'node:http';
import { cookiesNamed } from '../../core/facts.js';
import { catalogue } from '../../strategies/index.js';
import { factsOf, stripper } from './facts.js';

/** Returns a request as Node presents it: every occurrence in `rawHeaders`, joined ones in `headers`. */
const received = (...pairs: [string, string][]) =>
  ({
    method: 'GET',
    url: '/todos?limit=1',
    rawHeaders: pairs.flat(),
    headers: Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value])),
  }) as unknown as IncomingMessage;

const identified = { requestId: 'r1', address: '192.0.2.1' };
const facts = (...pairs: [string, string][]) => factsOf(received(...pairs), identified);

describe('the facts of a request', () => {
  it('are its method, its URL as received, and its sender', () => {
    expect(facts()).toMatchObject({ ...identified, method: 'GET', url: '/todos?limit=1' });
    expect(factsOf({ rawHeaders: [] } as unknown as IncomingMessage, identified)).toMatchObject({
      method: '',
      url: '',
    });
  });

  it.each([
    ['203.0.113.5:40001', '203.0.113.5'],
    ['unknown', '192.0.2.9'],
    [undefined, '192.0.2.9'],
  ])('contain only the address of %j, or the peer of the connection', (said, address) => {
    const request = { rawHeaders: [], socket: { remoteAddress: '::ffff:192.0.2.9' } };
    const found = factsOf(request as unknown as IncomingMessage, { requestId: 'r1', address: said });
    expect(found).toMatchObject({ address, peer: '192.0.2.9' });
  });

  it('tell every occurrence of a header in order, however it is spelt', () => {
    const { header } = facts(['X-API-Key', 'a'], ['X-Api-Keys', 'b'], ['x-api-key', 'c'], ['X-API-Kex', 'd']);
    expect(header('x-api-key')).toEqual(['a', 'c']);
    expect(header('authorization')).toEqual([]);
  });

  it('do not mistake a value for a name', () => {
    expect(facts(['Referer', 'x-api-key'], ['x-api-key', 'k']).header('x-api-key')).toEqual(['k']);
    expect(facts(['Referer', 'x-api-key']).header('x-api-key')).toEqual([]);
  });

  it('hold every cookie of a name, from every header', () => {
    const request = facts(['Cookie', 'a=1; app.at=x ;b=2'], ['Cookie', 'app.at=y=z;app.at2=n']);
    expect(cookiesNamed(request, 'app.at')).toEqual(['x', 'y=z']);
    expect(cookiesNamed(request, 'app')).toEqual([]);
  });
});

describe('a verified request', () => {
  const strip = stripper(Object.values(catalogue).flatMap(({ consumes }) => consumes));

  const forgotten = (...pairs: [string, string][]) => {
    const request = received(...pairs);
    strip(request);
    return { headers: request.headers, raw: request.rawHeaders };
  };

  it('keeps no header that held the credential, in any number and spelling', () => {
    expect(
      forgotten(
        ['Authorization', 'Bearer t'],
        ['Accept', 'a'],
        ['AUTHORIZATION', 'Basic b'],
        ['X-API-Key', 'k'],
      ),
    ).toEqual({ headers: { accept: 'a' }, raw: ['Accept', 'a'] });
  });

  it.each([
    ['app.at=t', undefined],
    ['app.rt=r', undefined],
    ['app.at=t; app.rt=r', undefined],
    ['theme=dark; app.at=t; lang=en', 'theme=dark; lang=en'],
    ['app.at=t; theme=dark', 'theme=dark'],
  ])('keeps of the cookies %j only those that are not credentials: %j', (cookie, left) => {
    expect(forgotten(['Accept', 'a'], ['Cookie', cookie])).toEqual({
      headers: { accept: 'a', ...(left === undefined ? {} : { cookie: left }) },
      raw: ['Accept', 'a', ...(left === undefined ? [] : ['cookie', left])],
    });
  });

  it('keeps nothing of what a strategy of yours reads either', () => {
    const request = received(
      ['X-Client-Cert', 'c'],
      ['Cookie', 'theme=dark; session=s'],
      ['Authorization', 'a'],
    );
    stripper([
      { in: 'header', name: 'X-Client-Cert' },
      { in: 'cookie', name: 'session' },
    ])(request);
    expect(request.headers).toEqual({ cookie: 'theme=dark', authorization: 'a' });
  });

  // cspell:ignore xapp Kex
  it.each(['theme=dark', 'xapp.at=t', 'app.att=t', 'theme=app.at=t'])('keeps %j as it came', (cookie) => {
    expect(forgotten(['Cookie', cookie])).toEqual({ headers: { cookie }, raw: ['Cookie', cookie] });
  });
});
