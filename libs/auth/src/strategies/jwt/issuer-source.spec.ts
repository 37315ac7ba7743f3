import { jest } from '@jest/globals';
import { createLogger } from '#gatehouse/platform';
import { issuerSource } from './issuer-source.js';

function world(configured?: string) {
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const state = { asked: 0, issuer: undefined as string | undefined };
  const readIssuer = () => {
    state.asked += 1;
    return state.issuer === undefined ? Promise.reject(new Error('away')) : Promise.resolve(state.issuer);
  };
  const source = issuerSource(configured, { fusionAuth: { readIssuer } as never, log });
  return { source, state, lines };
}

describe('the issuer', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is the configured one, without a call', async () => {
    const { source, state } = world('acme.com');
    expect([source.current(), source.pending()]).toEqual(['acme.com', []]);
    await source.start();
    expect(state.asked).toBe(0);
  });

  it('is what discovery says, asked for once', async () => {
    const { source, state, lines } = world();
    state.issuer = 'acme.com';
    expect(source.pending()).toEqual([expect.stringContaining('discovery cannot be read')]);
    await source.start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect([source.current(), source.pending(), state.asked, lines]).toEqual(['acme.com', [], 1, []]);
  });

  it('is asked for again every two seconds until there is an answer', async () => {
    const { source, state, lines } = world();
    await source.start();
    expect([source.current(), state.asked, lines.length]).toEqual([undefined, 1, 1]);
    await jest.advanceTimersByTimeAsync(1_999);
    expect(state.asked).toBe(1);
    state.issuer = 'acme.com';
    await jest.advanceTimersByTimeAsync(1);
    expect([source.current(), state.asked]).toEqual(['acme.com', 2]);
  });

  it('is reported missing in one line, even when asked for often, and another says that it is there', async () => {
    const { source, state, lines } = world();
    await source.start();
    await jest.advanceTimersByTimeAsync(20_000);
    expect([state.asked, lines.length]).toEqual([11, 1]);
    state.issuer = 'acme.com';
    await jest.advanceTimersByTimeAsync(2_000);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'warn',
        err: expect.objectContaining({ message: 'away' }),
        msg: 'discovery cannot be read; retrying every 2 s',
      }),
      expect.objectContaining({ level: 'info', issuer: 'acme.com', msg: 'discovery can be read again' }),
    ]);
  });

  it('is not asked for any more once closed, not even by an answer that comes late', async () => {
    const { source, state, lines } = world();
    await source.start();
    source.close();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(state.asked).toBe(1);
    await source.start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect([state.asked, lines.length]).toEqual([2, 1]);
  });
});
