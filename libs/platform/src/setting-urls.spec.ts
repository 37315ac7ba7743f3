import pg from 'pg';
import { databaseUrl, httpUrl, logInOf, secretHttpUrl } from './setting-urls.js';

const parsed = (schema: { safeParse(text: string): { data?: unknown } }, text: string) =>
  schema.safeParse(text).data;

describe('an http URL', () => {
  it.each([
    ['https://todos.example.com/', 'https://todos.example.com'],
    ['https://todos.example.com/api/', 'https://todos.example.com/api'],
    ['https://todos.example.com/api//', 'https://todos.example.com/api'],
    ['HTTPS://Todos.Example.com:443/a/../b', 'https://todos.example.com/b'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://127.1:3000', 'http://127.0.0.1:3000'],
    ['https://todos.example.com/?', 'https://todos.example.com'],
    ['https://todos.example.com/a"b', 'https://todos.example.com/a%22b'],
  ])('%s is kept as it was parsed, %s', (text, kept) => expect(parsed(httpUrl(), text)).toBe(kept));

  it.each([
    'https://todos.example.com\r',
    'https://todos.example.com ',
    ' https://todos.example.com',
    'https://todos.exa\nmple.com',
    'https://todos.example.com\u00a0',
    'https://todos.example.com/\u0000',
    'https://user:password@todos.example.com',
    'https://todos.example.com?x=1',
    'https://todos.example.com#x',
    'ftp://todos.example.com',
    'https://',
    'https://h:99999',
    'todos.example.com',
    '',
  ])('%j is refused', (text) => expect(parsed(httpUrl(), text)).toBeUndefined());

  it.each(['https://m.example.com/ping?x=1', 'http://m.example.com'])('%s may be a secret', (text) => {
    const secret = secretHttpUrl().parse(text);
    expect(new Request(secret.reveal()).url).toBe(new URL(text).href);
  });

  it.each(['https://u:p@m.example.com/', 'https://m.example.com/ping\r', 'm.example.com'])(
    '%j may not be a secret',
    (text) => expect(parsed(secretHttpUrl(), text)).toBeUndefined(),
  );
});

describe('a database URL', () => {
  it.each([
    'postgresql://app:p%25ss@db.internal:5432/gatehouse?application_name=x',
    'postgres://db.internal/gatehouse',
    'postgresql:///gatehouse?host=/var/run/postgresql',
    'postgresql://app:pässword@[::1]/gatehouse',
  ])('%s is accepted, and so it is by the driver', (text) => {
    const url = databaseUrl().parse(text).reveal();
    expect(() => new pg.Client({ connectionString: url })).not.toThrow();
  });

  it.each([
    'foo',
    'mysql://app@db.internal/gatehouse',
    'jdbc:postgresql://db.internal/gatehouse',
    'postgresql:gatehouse',
    'postgresql://app:pa%ss@db.internal/gatehouse',
    'postgresql://app:%E9@db.internal/gatehouse',
    'postgresql://app@db.internal/gate%',
    'postgresql://app@db.internal:x/gatehouse',
    'postgresql://app@db.internal/gatehouse\r',
    'postgresql://app@db.internal/gate house',
  ])('%j is refused', (text) => expect(parsed(databaseUrl(), text)).toBeUndefined());
});

describe('the log-in of a URL', () => {
  it('is what it was before it was escaped', () => {
    expect(logInOf(new URL('smtp://a%40b:p%C3%A9@h'))).toEqual({ user: 'a@b', password: 'pé' });
  });

  it('is none where an escape is broken', () => {
    expect(logInOf(new URL('smtp://a:pa%ss@h'))).toBeUndefined();
  });
});
