import { z } from 'zod';
import { createLogger, type Environment, parseConfig, systemClock } from '#gatehouse/platform';
import { createSource, credentialSettings, settingsOf } from './catalogue.js';

const schema = z.object(credentialSettings);
const parse = (environment: Environment) =>
  parseConfig(schema.extend(settingsOf(environment['CREDENTIAL_SOURCE'])), environment) as z.output<
    typeof schema
  >;
const parts = { issuerUrl: 'http://127.0.0.1:9', clock: systemClock, log: createLogger('test', 'silent') };

describe('the catalogue of credential sources', () => {
  it('names every setting that the chosen source needs and the environment lacks', () => {
    expect(() => parse({ NODE_ENV: 'production' })).toThrow(
      /REFRESH_TOKEN_FILE: is required \(example: .*\n {2}CLIENT_ID: is required \(example: /,
    );
  });

  it('finds only the token file missing in development, because the client is the Dev Center there', () => {
    expect(() => parse({})).toThrow(/usable:\n {2}REFRESH_TOKEN_FILE: [^\n]*\nTry --help/);
  });

  it('refuses an unknown source and names the known ones', () => {
    expect(() => parse({ CREDENTIAL_SOURCE: 'carrier-pigeon' })).toThrow(/CREDENTIAL_SOURCE: .*jwt/);
  });

  it('creates the configured source', async () => {
    const config = parse({ CREDENTIAL_SOURCE: 'api-key', API_KEY: 'a-key-of-the-test' });

    const headers = await createSource(config, parts).authorization(new AbortController().signal);
    expect([...headers]).toEqual([['x-api-key', 'a-key-of-the-test']]);
  });

  it('creates no source from an incomplete configuration', () => {
    const config = parseConfig(schema, { CLIENT_ID: 'client' });

    expect(() => createSource(config, parts)).toThrow(
      expect.objectContaining({
        exitCode: 78,
        message: expect.stringContaining(
          'REFRESH_TOKEN_FILE: is required for CREDENTIAL_SOURCE=jwt',
        ) as string,
      }),
    );
  });
});
