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
});
