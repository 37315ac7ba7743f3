import { endpointUrl, hostAndPort, listenAddress } from './endpoint.js';

describe('where a gateway calls and listens', () => {
  it.each([
    ['http://127.0.0.1:3000', '127.0.0.1:3000'],
    ['http://10.0.0.7', '10.0.0.7:80'],
    ['http://[::1]:3000/', '[::1]:3000'],
  ])('reads the URL %s as %s', (text, written) => {
    expect(hostAndPort(endpointUrl().parse(text))).toBe(written);
  });

  it.each(['http://localhost:3000', 'https://127.0.0.1', 'http://127.0.0.1/v1', 'http://u@127.0.0.1', 'x'])(
    'refuses %s, which not every gateway can call',
    (text) => {
      expect(endpointUrl().safeParse(text).error?.issues[0]?.message).toMatch('numeric address');
    },
  );

  it('reads an address to listen on, and refuses a name', () => {
    expect(listenAddress().parse('[::1]:8080')).toEqual({ address: '::1', port: 8080 });
    expect(listenAddress().parse('0.0.0.0:80')).toEqual({ address: '0.0.0.0', port: 80 });
    expect(listenAddress().safeParse('localhost:8080').success).toBe(false);
    expect(listenAddress().safeParse('127.0.0.1').success).toBe(false);
  });
});
