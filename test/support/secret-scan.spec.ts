import { randomBytes } from 'node:crypto';
import { tokenMinter } from '../../tools/issuer/src/token-minter.js';
import { cpuTime } from './cpu-time.js';
import { SecretScan } from './secret-scan.js';

const chance = () => randomBytes(24).toString('base64url');
/** With characters that every encoding writes differently. */
const awkward = () => `${chance()}/+ä:%${chance()}`;

describe('the search for secrets', () => {
  const planted = awkward();
  const token = `${chance()}.${chance()}`;
  const scan = new SecretScan();
  scan.learn('password', planted);
  scan.learn('token', token, ...Array.from({ length: 1_000 }, chance));
  const line = (text: string) => `${JSON.stringify({ msg: 'x'.repeat(200), text })}\n`;
  const base64 = (text: string, encoding: 'base64' | 'base64url') => Buffer.from(text).toString(encoding);

  it.each([
    ['raw', planted],
    ['percent-encoded', encodeURIComponent(planted)],
    ['base64', base64(planted, 'base64')],
    ['base64', base64(planted, 'base64url')],
    ['base64', base64(`ada@example.com:${planted}`, 'base64')],
    ['base64', base64(`ad@example.com:${planted}.`, 'base64')],
    ['base64', base64(`a@example.com:${planted}..`, 'base64url')],
  ])('finds one that was planted %s: %#', (how, text) => {
    expect(scan.find(line(chance()) + line(text) + line(chance()))).toEqual([
      expect.stringMatching(`^password, ${how}, after `),
    ]);
  });

  it('reports the place, but never repeats what it found', () => {
    const [report = ''] = scan.find(line(`?token=${planted}`));
    expect(report).toContain('?token=');
    expect(report).not.toContain(planted.slice(0, 8));
  });

  it('finds the signature of a token whose beginning was cut off', async () => {
    const jwt = await tokenMinter().mint();
    scan.learn('access token', jwt);
    expect(scan.find(line(jwt.slice(100)))).toEqual([expect.stringMatching(/^access token, signature/)]);
  });

  it('finds nothing else, at the rate that a million log lines need', async () => {
    const text = Array.from({ length: 20_000 }, () => line(chance())).join('');
    let found: string[] = [];
    const time = await cpuTime(() => (found = scan.find(text + planted.slice(1) + token.slice(0, -1))));
    expect(found).toEqual([]);
    expect(time).toBeLessThan(2_000);
    expect(scan.characters).toBeGreaterThan(text.length);
  });

  it('refuses to search for texts that occur by chance', () => {
    expect(() => scan.learn('password', 'secret')).toThrow(
      'a password of 6 characters cannot be searched for',
    );
  });
});
