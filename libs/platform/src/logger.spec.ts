import { Writable } from 'node:stream';
import { runInNewContext } from 'node:vm';
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
    ['a password', { user: { password: 'hunter2' } }],
    ['an ID token', { idToken: 'hunter2' }],
    ['an authentication token', { authentication_token: 'hunter2' }],
  ])('redacts %s', (_what, fields) => {
    expect(logged((log) => log.warn(fields, 'x'))).not.toContain('hunter2');
  });

  it('redacts an API key of our own make, and Basic credentials, anywhere in a text', () => {
    const key = `gatehouse_${'0'.repeat(32)}_${'k'.repeat(43)}`;
    const text = logged((log) => {
      log.warn({ note: `key ${key}` }, `refused ${key}`);
      // cspell:ignore Nlcjpod
      log.warn({ header: 'Basic dXNlcjpodW50ZXIy' });
      log.warn({ err: new Error(`refused ${key}`) });
      log.warn(new Error(`refused ${key}`));
    });
    expect(text).not.toContain('kkkk');
    expect(text).not.toContain('dXNlcjpodW50ZXIy');
    expect(text).toContain('key [redacted]');
  });

  it('tells whether there was a secret, where that is all a field says', () => {
    expect(logged((log) => log.info({ hasPassword: true }))).toContain('"hasPassword":true');
  });

  it('redacts inside lists, and leaves what holds no secret as it is', () => {
    const list = ['Bearer hunter2hunter2', { password: 'hunter2' }, 3, null];
    expect(JSON.parse(logged((log) => log.info({ list, at: new Date(0) })))).toMatchObject({
      list: ['[redacted]', { password: '[redacted]' }, 3, null],
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('shows six levels, and nothing of what is deeper', () => {
    const deep = (levels: number): unknown =>
      levels === 0 ? { password: 'hunter2', shown: 1 } : { in: deep(levels - 1) };
    expect(logged((log) => log.info(deep(5) as object))).toContain('{"password":"[redacted]","shown":1}');
    expect(logged((log) => log.info(deep(6) as object))).toContain('{"in":"[too deep]"}');
    expect(logged((log) => log.info(deep(20) as object))).not.toContain('hunter2');
  });

  it('ends with what refers to itself', () => {
    const ring: Record<string, unknown> = {};
    ring['ring'] = ring;
    const list: unknown[] = [];
    list.push(list);
    const error = new Error('caused by itself');
    error.cause = error;
    expect(logged((log) => log.info({ ring, list, err: error }, 'goes round'))).toContain('goes round');
  });

  it('writes an error with code and stack, and its message where the call has none', () => {
    const err = Object.assign(new Error(`reset by Bearer ${token}`), { code: 'ECONNRESET' });
    const [alone, said] = [logged((log) => log.warn({ err })), logged((log) => log.warn({ err }, 'lost'))];
    expect(JSON.parse(alone)).toMatchObject({
      err: {
        type: 'Error',
        message: 'reset by [redacted]',
        code: 'ECONNRESET',
        stack: expect.stringContaining('Error: reset by [redacted]\n    at '),
      },
      msg: 'reset by [redacted]',
    });
    expect(JSON.parse(said)).toMatchObject({ err: { message: 'reset by [redacted]' }, msg: 'lost' });
  });

  it('writes errors that are not made by a class of this context', () => {
    const legacy = Object.assign(Object.create(Error.prototype) as Error, {
      name: 'JwksError',
      message: 'none',
    });
    const foreign = runInNewContext('new RangeError("none")') as Error;
    expect(logged((log) => log.warn({ err: legacy }, 'failed'))).toContain(
      '"type":"JwksError","message":"none"',
    );
    expect(logged((log) => log.warn({ err: foreign }, 'failed'))).toContain(
      '"type":"RangeError","message":"none"',
    );
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
    expect(text).toContain('"cause":{"type":"Error","message":"upstream said [redacted]"');
  });
});
