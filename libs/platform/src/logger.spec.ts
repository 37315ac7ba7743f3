import { Writable } from 'node:stream';
import { createLogger } from './logger.js';

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  write(createLogger('test', 'trace', sink));
  return text;
}

describe('the logger', () => {
  it('writes JSON with time, level and app', () => {
    expect(
      JSON.parse(logged((log) => log.info({ route: '/todos/:id', milliseconds: 3 }, 'answered'))),
    ).toMatchObject({
      level: 'info',
      app: 'test',
      route: '/todos/:id',
      milliseconds: 3,
      msg: 'answered',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it.each([
    ['a field named like a secret', { headers: { authorization: 'hunter2' } }],
    ['an API key field', { 'x-api-key': 'hunter2' }],
    ['a deep cookie', { a: { b: [{ 'set-cookie': ['hunter2'] }] } }],
    ['a refresh token field', { refresh_token: 'hunter2' }],
    ['a camel-case token field', { accessToken: 'hunter2' }],
    ['a client secret', { clientSecret: 'hunter2' }],
  ])('redacts %s', (_what, fields) => {
    expect(logged((log) => log.warn(fields, 'x'))).not.toContain('hunter2');
  });

  it('redacts tokens and credentials inside texts, messages and errors with their causes', () => {
    const cause = new Error(`upstream said Basic dXNlcjpodW50ZXIy`);
    const text = logged((log) => {
      log.error({ err: new Error(`bad token ${token}`, { cause }), note: `Bearer ${token}` }, `got ${token}`);
      log.info(`only a message with ${token}`);
    });
    expect(text).not.toContain('eyJzdWIiOiJhIn0');
    expect(text).not.toContain('dXNlcjpodW50ZXIy');
    expect(text).toContain('bad token [redacted]');
  });
});
