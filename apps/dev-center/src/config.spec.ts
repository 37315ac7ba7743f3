import { parseConfig } from '#gatehouse/platform';
import { devCenterProblems, devCenterSchema } from './config.js';

describe('the settings of the Dev Center', () => {
  const problems = (env: Record<string, string>) => devCenterProblems(parseConfig(devCenterSchema, env));

  it.each([
    'FUSIONAUTH_URL',
    'FUSIONAUTH_PUBLIC_URL',
    'PUBLIC_URL',
    'TODO_API_URL',
    'TODO_API_PUBLIC_URL',
    'WEBHOOK_URL',
  ])('send no secret over plain http to another machine: %s', (name) => {
    const url = 'http://elsewhere.example.com';
    expect(problems({ [name]: url })).toEqual([expect.stringMatching(`^${name}: plain http`)]);
    expect(problems({ [name]: 'http://127.0.0.1:3001' })).toEqual([]);
    expect(problems({ [name]: 'https://elsewhere.example.com' })).toEqual([]);
    expect(problems({ [name]: url, ALLOW_INSECURE: '1' })).toEqual([]);
  });

  it('do not put the metrics on the port of the pages', () => {
    expect(problems({ PORT: '3001', METRICS_PORT: '3001' })).toEqual([
      expect.stringContaining('METRICS_PORT'),
    ]);
  });

  it('refuse a key for sessions with a line break, which a file of two lines has', () => {
    expect(() => problems({ SESSION_KEY: `${'k'.repeat(32)}\nsecond line` })).toThrow('SESSION_KEY');
  });
});
