import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicPem, rsaKey } from '../../issuer/src/signing-key.js';
import type { CheckResult, Gateway } from './gateway.js';
import { generate } from './generate.js';
import { keyFiles } from './key-files.js';
import { defaultLimits, type Policy } from './policy.js';
import type { PublicKey } from './public-key.js';
import { keyWatch, runReload, type WatchParts } from './watch.js';

const keyNamed = (kid: string): PublicKey => ({ kid, alg: 'RS256', pem: publicPem(rsaKey()) });
const [old, next] = [keyNamed('old'), keyNamed('next')];
const policy: Policy = {
  issuer: 'https://auth.example',
  audiences: ['api'],
  algorithms: ['RS256'],
  jwksUrl: 'https://auth.example/jwks',
  keys: [old],
  api: { address: '127.0.0.1', port: 1 },
  forwardAuth: [{ address: '127.0.0.1', port: 2 }],
  tokenLocation: 'header',
  cookieName: 'app.at',
  listen: { address: '127.0.0.1', port: 3 },
  limits: defaultLimits,
};

/** Returns a gateway whose checker returns the given outcome. */
const gatewayThat = (outcome: () => CheckResult['outcome']): Gateway => ({
  name: 'with-keys',
  title: 'A gateway that holds keys',
  mode: 'native',
  checkedBy: 'this test',
  files: ({ keys }) => [
    ...keyFiles(keys),
    { path: 'gateway.cfg', text: keys.map(({ kid }) => kid).join('\n') },
  ],
  check: () => Promise.resolve({ outcome: outcome(), detail: 'as the test says' }),
});

let out: string;
let outcome: CheckResult['outcome'];
let published: readonly PublicKey[] | Error;
let reloads: number;
let reloadFails: boolean;
let said: string[];
let look: () => Promise<void>;
beforeEach(async () => {
  out = mkdtempSync(join(tmpdir(), 'gateways-'));
  [outcome, published, reloads, reloadFails, said] = ['passed', [old], 0, false, []];
  await generate(
    gatewayThat(() => outcome),
    policy,
    out,
  );
  look = keyWatch(parts());
});
afterEach(() => rmSync(out, { recursive: true }));

const parts = (): WatchParts => ({
  policy,
  gateways: [gatewayThat(() => outcome)],
  readKeys: () => (published instanceof Error ? Promise.reject(published) : Promise.resolve(published)),
  write: (one, changed) => generate(one, changed, out),
  reload: () => {
    reloads += 1;
    return reloadFails ? Promise.reject(new Error('the reload failed')) : Promise.resolve();
  },
  say: (text) => void said.push(text),
});

const keysOf = (name = 'with-keys') => readFileSync(join(out, name, 'gateway.cfg'), 'utf8').split('\n');
const keyCount = () => readdirSync(join(out, 'with-keys', 'keys')).length;

describe('a check of the issuer’s key set', () => {
  it('changes and reloads nothing while it is unchanged', async () => {
    await look();
    expect([keysOf(), reloads, said]).toEqual([['old'], 0, []]);
  });

  it('uses both keys during a rotation, and the old one until two readings in a row lack it', async () => {
    published = [old, next];
    await look();
    expect([keysOf(), keyCount(), reloads]).toEqual([['next', 'old'], 2, 1]);
    published = [next];
    await look();
    expect([keysOf(), reloads]).toEqual([['next', 'old'], 1]);
    await look();
    expect([keysOf(), keyCount(), reloads]).toEqual([['next'], 1, 2]);
  });

  it('does not remove a key that a single answer lacks', async () => {
    published = [next];
    await look();
    published = [old, next];
    await look();
    expect(keysOf()).toEqual(['next', 'old']);
  });

  it('keeps using the old files if the issuer does not answer, and says so', async () => {
    published = new Error('the issuer is down');
    await look();
    expect([keysOf(), reloads]).toEqual([['old'], 0]);
    expect(said).toEqual([
      'the issuer is down\nThe gateway continues with its current keys; the next check tries again.',
    ]);
  });

  it('keeps using the old files if the checker refuses the new ones, and tries again', async () => {
    published = [old, next];
    outcome = 'failed';
    await look();
    expect([keysOf(), keyCount(), reloads]).toEqual([['old'], 1, 0]);
    expect(readdirSync(out)).toEqual(['with-keys']);
    outcome = 'passed';
    await look();
    expect([keysOf(), reloads]).toEqual([['next', 'old'], 1]);
  });

  it('writes the new files of the other gateways if one of them fails, and those of that one at the next check', async () => {
    const other = { ...gatewayThat(() => 'passed'), name: 'other' };
    const lookAtBoth = keyWatch({ ...parts(), gateways: [gatewayThat(() => outcome), other] });
    published = [old, next];
    outcome = 'failed';
    await lookAtBoth();
    expect([keysOf(), keysOf('other'), reloads]).toEqual([['old'], ['next', 'old'], 1]);
    outcome = 'passed';
    await lookAtBoth();
    expect([keysOf(), reloads]).toEqual([['next', 'old'], 2]);
    await lookAtBoth();
    expect(reloads).toBe(2);
  });

  it('reloads again after a failed reload, even if the issuer does not answer', async () => {
    published = [old, next];
    reloadFails = true;
    await look();
    published = new Error('the issuer is down');
    reloadFails = false;
    await look();
    expect(reloads).toBe(2);
  });

  it('reloads again at the next check after a failed reload', async () => {
    published = [old, next];
    reloadFails = true;
    await look();
    reloadFails = false;
    await look();
    await look();
    expect([reloads, said.at(-1)]).toEqual([
      2,
      'the reload failed\nThe gateway continues with its current keys; the next check tries again.',
    ]);
  });
});

describe('the files that the watch writes', () => {
  it('replace the previous ones, and at no moment does the configuration name a missing key', async () => {
    const file = join(out, 'with-keys', 'keys', 'notes.txt');
    writeFileSync(file, 'an operator’s');
    await generate(
      gatewayThat(() => 'passed'),
      { ...policy, keys: [next] },
      out,
    );
    expect(keysOf()).toEqual(['next']);
    expect(
      readdirSync(join(out, 'with-keys', 'keys'))
        .toSorted()
        .at(-1),
    ).toBe('notes.txt');
    expect(keyCount()).toBe(2);
  });
});

describe('the command that reloads a gateway', () => {
  it('succeeds only with exit code 0', async () => {
    await expect(runReload('exit 0')).resolves.toBeUndefined();
    await expect(runReload('exit 3')).rejects.toThrow('exit 3 ended with 3.');
    await expect(runReload('kill -9 $$')).rejects.toThrow('ended with SIGKILL.');
  });

  it('is killed when it hangs, so that the watch continues', async () => {
    await expect(runReload("trap '' TERM; while :; do sleep 1; done", 300)).rejects.toThrow(
      'ended with SIGKILL.',
    );
  });
});
