import { answersAt, endpointUrl, hostAndPort, listenAddress } from './endpoint.js';

describe('where a gateway calls and listens', () => {
  it.each([
    ['http://127.0.0.1:3000', '127.0.0.1:3000'],
    ['http://10.0.0.7', '10.0.0.7:80'],
    ['http://[::1]:3000/', '[::1]:3000'],
  ])('reads the URL %s as %s', (text, written) => {
    expect(hostAndPort(endpointUrl().parse(text))).toBe(written);
  });

  it.each([
    'http://localhost:3000',
    'https://127.0.0.1',
    'http://127.0.0.1/v1',
    'http://u@127.0.0.1',
    'http://:p@127.0.0.1',
    'http://127.0.0.1:0',
    'x',
  ])('refuses %s, which not every gateway can call', (text) => {
    expect(endpointUrl().safeParse(text).error?.issues[0]?.message).toMatch('numeric address');
  });

  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['0.0.0.0', '127.0.0.1', true],
    ['::', '::1', true],
    ['127.0.0.1', '127.0.0.2', false],
    // The same port of another machine.
    ['0.0.0.0', '10.0.0.7', false],
  ])('knows whether a program that listens on %s answers at %s: %j', (address, called, answers) => {
    expect(answersAt({ address, port: 80 }, { address: called, port: 80 })).toBe(answers);
    expect(answersAt({ address, port: 80 }, { address: called, port: 81 })).toBe(false);
  });

  it('reads an address to listen on, and refuses a name and a port that is missing, 0 or too large', () => {
    expect(listenAddress().parse('[::1]:8080')).toEqual({ address: '::1', port: 8080 });
    expect(listenAddress().parse('0.0.0.0:80')).toEqual({ address: '0.0.0.0', port: 80 });
    for (const refused of ['localhost:8080', '127.0.0.1', '127.0.0.1:0', '[::1]:0', '127.0.0.1:65536'])
      expect(listenAddress().safeParse(refused).success).toBe(false);
  });
});
