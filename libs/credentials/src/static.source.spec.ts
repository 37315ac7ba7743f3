import { Secret } from '#gatehouse/platform';
import { staticSource } from './static.source.js';

const never = new AbortController().signal;

describe('a credential that does not change by itself', () => {
  let file: string | undefined;
  let readings: number;
  const source = () => {
    readings = 0;
    return staticSource(
      'API_KEY',
      new Secret('first'),
      (key) => ({ 'x-api-key': key.reveal() }),
      (name) => {
        readings++;
        return Promise.resolve(name === 'API_KEY' && file !== undefined ? new Secret(file) : undefined);
      },
    );
  };
  const keyOf = async (one: ReturnType<typeof source>) => (await one.authorization(never)).get('x-api-key');

  it('is read from its file again only after a refusal', async () => {
    const key = source();
    file = 'rotated';
    expect([await keyOf(key), await keyOf(key)]).toEqual(['first', 'first']);
    expect(readings).toBe(0);

    key.invalidate();

    expect([await keyOf(key), await keyOf(key)]).toEqual(['rotated', 'rotated']);
    expect(readings).toBe(1);
  });

  it('is not returned to a caller that has aborted', async () => {
    const gone = new Error('given up');
    await expect(source().authorization(AbortSignal.abort(gone))).rejects.toBe(gone);
  });

  it('is unchanged if there is no file', async () => {
    const key = source();
    file = undefined;

    key.invalidate();

    expect(await keyOf(key)).toBe('first');
  });
});
