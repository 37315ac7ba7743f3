import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#gatehouse/platform';
import { people } from '../identities.js';
import { keepTokenFiles } from './token-files.js';

const log = createLogger('test', 'silent');

describe('the token files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-tokens-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('contain one token each, readable by nobody else', async () => {
    const logIn = ({ name }: { name: string }) => Promise.resolve({ access_token: `token-of-${name}` });
    const files = await keepTokenFiles({ directory, identities: people, logIn, log });
    files.stop();
    expect(files.tokens).toMatchObject({ ada: 'token-of-ada', chiyo: 'token-of-chiyo' });
    expect(readFileSync(join(directory, 'bruno'), 'utf8')).toBe('token-of-bruno\n');
    expect(statSync(join(directory, 'bruno')).mode & 0o777).toBe(0o600);
  });

  it('are renewed when half of a token’s life is over, and the attempt is repeated when it fails', async () => {
    let attempts = 0;
    const logIn = () => {
      attempts += 1;
      return attempts === 2
        ? Promise.reject(new Error('the sandbox is busy'))
        : Promise.resolve({ access_token: `token-${attempts}`, expires_in: 0.02 });
    };
    const identities = people.slice(0, 1);
    const files = await keepTokenFiles({ directory, identities, logIn, log, checkEveryMs: 15 });
    while (attempts < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    files.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readFileSync(join(directory, 'ada'), 'utf8')).toBe('token-3\n');
  });
});
