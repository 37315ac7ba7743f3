import { z } from 'zod';
import { createLogger, parseConfig, systemClock } from '#gatehouse/platform';
import { createSource, credentialProblems, credentialSettings } from './catalogue.js';

const schema = z.object(credentialSettings);
const parts = { issuerUrl: 'http://127.0.0.1:9', clock: systemClock, log: createLogger('test', 'silent') };

describe('the catalogue of credential sources', () => {
  it('names every setting that the chosen source needs and the environment lacks', () => {
    const config = parseConfig(schema, { NODE_ENV: 'production' });

    expect(credentialProblems(config)).toEqual([
      expect.stringMatching(/^REFRESH_TOKEN_FILE: is required for CREDENTIAL_SOURCE=jwt \(example: /),
      expect.stringMatching(/^CLIENT_ID: is required for CREDENTIAL_SOURCE=jwt \(example: /),
    ]);
    expect(() => createSource(config, parts)).toThrow('REFRESH_TOKEN_FILE: is required');
  });

  it('finds nothing missing in development but the token file, for the client is the Dev Center there', () => {
    const config = parseConfig(schema, {});

    expect(credentialProblems(config)).toEqual([expect.stringMatching(/^REFRESH_TOKEN_FILE: /)]);
  });

  it('refuses a source it does not know by naming those it knows', () => {
    expect(() => parseConfig(schema, { CREDENTIAL_SOURCE: 'carrier-pigeon' })).toThrow(
      /CREDENTIAL_SOURCE: .*jwt/,
    );
  });

  it('makes the source that was chosen', () => {
    const config = parseConfig(schema, { CREDENTIAL_SOURCE: 'jwt', REFRESH_TOKEN_FILE: '/nowhere/token' });

    expect(createSource(config, parts).name).toBe('jwt');
  });
});
