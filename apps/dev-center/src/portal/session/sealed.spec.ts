import { Secret } from '#gatehouse/platform';
import { Sealed } from './sealed.js';

describe('what a browser keeps for the portal', () => {
  let present = Date.parse('2026-11-28T12:00:00Z');
  const clock = () => present;
  const key = new Secret('the-key-of-all-replicas');
  const sealed = new Sealed(key, clock);
  const until = present + 60_000;
  const content = { name: 'Ada' };

  it('opens by the same key, in another replica too', async () => {
    const text = await sealed.seal(content, 'session', until);
    expect(await new Sealed(key, clock).open(text, 'session')).toEqual(content);
    expect(text).not.toContain(Buffer.from('Ada').toString('base64url'));
  });

  it('opens by no other key, and without one by nobody but the instance that sealed it', async () => {
    const other = new Sealed(new Secret('another-key'), clock);
    expect(await other.open(await sealed.seal(content, 'session', until), 'session')).toBeUndefined();
    const alone = new Sealed(undefined, clock);
    const text = await alone.seal(content, 'session', until);
    expect(await alone.open(text, 'session')).toEqual(content);
    expect(await new Sealed(undefined, clock).open(text, 'session')).toBeUndefined();
  });

  it.each([
    ['log-in', 'session'],
    ['session', 'log-in'],
  ] as const)(
    'opens for its own purpose alone: what was sealed for %s does not open for %s',
    async (made, asked) => {
      const text = await sealed.seal(content, made, until);
      expect(await sealed.open(text, asked)).toBeUndefined();
      expect(await sealed.open(text, made)).toEqual(content);
    },
  );

  it('opens no more once its time has run out', async () => {
    const text = await sealed.seal(content, 'session', until);
    present += 61_000;
    expect(await sealed.open(text, 'session')).toBeUndefined();
  });

  it.each(['', 'x', 'a.b.c.d.e', 'eyJhbGciOiJub25lIn0.e30.'])('is not %j', async (text) => {
    expect(await sealed.open(text, 'session')).toBeUndefined();
  });
});
