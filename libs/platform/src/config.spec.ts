import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { ConfigurationError, effectiveConfig, parseConfig, rereadSecret, usesProxies } from './config.js';
import { appHelp } from './help.js';
import { Secret } from './secret.js';
import { insecureUrlProblem, optionalSecret, secret, setting } from './setting.js';
import { commaList, flag, integer, port } from './setting-kinds.js';
import { httpUrl } from './setting-urls.js';

const schema = z.object({
  PORT: setting(port().default(3000), { about: 'port', example: '3000' }),
  KEY: secret({ about: 'key', example: 'abc' }),
  SPARE_KEY: optionalSecret({ about: 'spare', example: 'abc' }),
  AUTH_URL: setting(httpUrl(), {
    about: 'where',
    example: 'https://auth.example.com',
    developmentDefault: 'http://127.0.0.1:9011',
  }),
  STRATEGIES: setting(commaList(z.enum(['jwt', 'api-key'])).default(['jwt']), {
    about: 'which',
    example: 'jwt',
  }),
  STRICT: setting(flag().default(false), { about: 'strict', example: '1' }),
  SKEW: setting(integer(0, 30).default(30), { about: 'seconds', example: '30' }),
});

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('quotes the message of a setting that has its own', () => {
    const own = z.object({ SIDE: setting(z.enum(['left'], 'must be a side'), { about: 'x', example: '' }) });
    expect(() => parseConfig(own, { SIDE: 'up' })).toThrow(/SIDE: must be a side\n/);
  });

  it('reads text into types and fills defaults', () => {
    const config = parseConfig(schema, {
      KEY: 's3cret',
      STRATEGIES: 'api-key, jwt,jwt',
      STRICT: '1',
      PORT: '',
    });
    expect(config).toMatchObject({
      PORT: 3000,
      AUTH_URL: 'http://127.0.0.1:9011',
      STRATEGIES: ['api-key', 'jwt'],
      STRICT: true,
      SKEW: 30,
    });
    expect(config.KEY.reveal()).toBe('s3cret');
  });

  it('names every problem in one run, with an example and never with a value', () => {
    const wrong = {
      PORT: 'eighty-thousand',
      AUTH_URL: 'ftp://user:hunter2@host',
      STRATEGIES: 'jwt,hunter2',
      SKEW: '31',
      STRICT: 'hunter2',
    };
    const problems = problemsOf(wrong);
    expect(problems.map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'KEY',
      'AUTH_URL',
      'STRATEGIES',
      'STRICT',
      'SKEW',
    ]);
    expect(problems).toContain('KEY: is required (example: abc)');
    expect(problems).toContainEqual(expect.stringContaining('STRATEGIES: must be one of jwt, api-key'));
    expect(problems.join()).not.toMatch(/hunter2|eighty/);
  });

  it('gives no example for a setting that must be unset', () => {
    const error = 'is of another program: unset it here';
    const forbidden = z.object({
      FOREIGN_KEY: setting(z.undefined({ error }).optional(), { about: 'x', example: '', forbidden: true }),
    });
    const refused = (): unknown => parseConfig(forbidden, { FOREIGN_KEY: 'x' });
    expect(refused).toThrow(new ConfigurationError([`FOREIGN_KEY: ${error}`]));
  });

  it('says what a rule over several settings says, where the setting is unset too', () => {
    const about = { about: 'any', example: 'x' };
    const ruled = z
      .object({ ONE: setting(z.string().optional(), about) })
      .refine(() => false, { path: ['ONE'], message: 'is needed beside OTHER' });
    expect(() => parseConfig(ruled, {})).toThrow('ONE: is needed beside OTHER (example: x)');
  });

  it('has no development default in production', () => {
    expect(problemsOf({ KEY: 'x', NODE_ENV: 'production' })).toEqual([
      'AUTH_URL: is required (example: https://auth.example.com)',
    ]);
  });

  it('reads a secret from a file, without its line break', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
    writeFileSync(file, 's3cret\n');
    expect(parseConfig(schema, { KEY_FILE: file }).KEY.reveal()).toBe('s3cret');
    expect(problemsOf({ KEY_FILE: `${file}.gone` })).toEqual(['KEY_FILE: cannot be read (ENOENT)']);
    writeFileSync(file, '\n');
    expect(problemsOf({ KEY: 'x', SPARE_KEY_FILE: file })).toEqual(['SPARE_KEY_FILE: the file is empty']);
    // Of secrets alone: where the port comes from must be plain to see.
    expect(parseConfig(schema, { KEY: 's3cret', PORT_FILE: `${file}.gone` }).PORT).toBe(3000);
    rmSync(dirname(file), { recursive: true });
  });

  it('says in one message everything that is wrong, in which file, and what may have caused it', () => {
    const wrong = new ConfigurationError(['PORT: must be a number', 'Two settings clash'], 'See the list.');
    const placed = wrong.withOrigins(new Map([['PORT', '.env']]), ['BASE is not a setting']);
    expect(placed.message).toBe(
      [
        'Configuration is not usable:',
        '  PORT in .env: must be a number',
        '  Two settings clash',
        '  BASE is not a setting',
        'See the list.',
      ].join('\n'),
    );
    expect(wrong.withOrigins(new Map()).problems).toEqual(wrong.problems);
    expect(new ConfigurationError([]).message).toContain('Try --help for the list of settings.');
  });

  it.each([
    [{}, false],
    [{ NODE_USE_ENV_PROXY: '0' }, false],
    [{ NODE_USE_ENV_PROXY: '1' }, true],
    [{ NODE_OPTIONS: '--enable-source-maps --use-env-proxy' }, true],
    [{ NODE_OPTIONS: '--no-use-env-proxy' }, false],
  ])('of Node with %j uses proxies: %s', (environment, expected) => {
    expect(usesProxies(environment)).toBe(expected);
  });

  it('prints secrets as set or unset only', () => {
    const config = parseConfig(schema, { KEY: 's3cret' });
    expect(effectiveConfig(schema, config)).toMatchObject({ KEY: 'set', SPARE_KEY: 'unset', PORT: 3000 });
    expect([String(config.KEY), JSON.stringify(config), inspect(config)].join()).not.toContain('s3cret');
  });

  it('prints what else is secret as set, and no token inside a text', () => {
    const about = { about: 'any', example: 'x' };
    const odd = z.object({
      NOTE: setting(z.string(), about),
      PLAIN: setting(z.string(), { ...about, secret: true }),
      KEY: setting(z.instanceof(Secret), about),
    });
    const config = { NOTE: 'Bearer abcdefgh', PLAIN: 's3cret', KEY: new Secret('s3cret') };
    expect(effectiveConfig(odd, config)).toEqual({ NOTE: '[redacted]', PLAIN: 'set', KEY: 'set' });
  });

  it('describes every setting in the help text', () => {
    const text = appHelp({ name: 'demo', about: 'shows', schema });
    expect(text).toContain('demo: shows');
    expect(text).toMatch(/PORT\s+port \(default 3000\)/);
    expect(text).toMatch(/KEY\s+key \(also KEY_FILE\)/);
    expect(text).toMatch(/STRATEGIES\s+which \(default jwt\)/);
  });

  it('refuses a setting without a description', () => {
    expect(() => appHelp({ name: 'demo', about: '', schema: z.object({ X: z.string() }) })).toThrow(
      'X has no description',
    );
  });
});

describe('a URL that carries credentials', () => {
  it.each([
    ['https://auth.example.com', false, 0],
    ['http://127.0.0.1:9011', false, 0],
    ['http://localhost:9011', false, 0],
    ['http://[::1]:9011', false, 0],
    ['http://auth.example.com', false, 1],
    ['http://127.0.0.1.example.com', false, 1],
    ['http://auth.example.com', true, 0],
  ])('%s with ALLOW_INSECURE %s has %i problems', (url, allowed, count) => {
    expect(insecureUrlProblem('FUSIONAUTH_URL', url, allowed)).toHaveLength(count);
  });
});

describe('a secret', () => {
  it('prints as [secret] everywhere', () => {
    const value = new Secret('s3cret');
    expect([value.toString(), JSON.stringify({ value }), inspect({ value })].join()).not.toContain('s3cret');
    expect(value.reveal()).toBe('s3cret');
  });
});

describe('a secret that is read again', () => {
  let file: string;
  beforeEach(() => (file = join(mkdtempSync(join(tmpdir(), 'gatehouse-secret-')), 'key')));
  afterEach(() => rmSync(dirname(file), { recursive: true }));

  it('is what its file holds now', async () => {
    writeFileSync(file, 'rotated\n');
    expect((await rereadSecret('API_KEY', { API_KEY_FILE: file }))?.reveal()).toBe('rotated');
  });

  it.each([
    ['it came from the variable itself', 'rotated', { API_KEY: 'given' }],
    ['its file is being written', '', {}],
    ['its file holds several words', 'not found\n', {}],
    ['its file holds what no header can carry', '“rotated”\n', {}],
  ])('is left alone when %s', async (_when, content, environment) => {
    writeFileSync(file, content);
    expect(await rereadSecret('API_KEY', { API_KEY_FILE: file, ...environment })).toBeUndefined();
  });

  it('is left alone when there is no file', async () => {
    expect(await rereadSecret('API_KEY', { API_KEY_FILE: file })).toBeUndefined();
    expect(await rereadSecret('API_KEY', {})).toBeUndefined();
  });
});
