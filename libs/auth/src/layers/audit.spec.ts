import { createLogger } from '#gatehouse/platform';
import { principalOf } from '../../../../test/support/principal.js';
import type { Outcome } from '../core/authenticator.js';
import { forbidden, malformed, missing, rejected, throttled, unavailable } from '../core/failure.js';
import { audit } from './audit.js';

const request = { requestId: 'r1', address: '192.0.2.1', method: 'GET', url: '/', header: () => [] };

async function linesOf(outcome: Outcome) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  expect(await audit(() => outcome, { log })(request)).toBe(outcome);
  return lines;
}

describe('the audit of a refusal', () => {
  it.each<[string, Outcome['verdict'], string | undefined]>([
    ['missing', missing(), undefined],
    ['malformed', malformed('two headers'), 'two headers'],
    ['rejected', rejected('expired'), 'expired'],
    ['forbidden', forbidden('not-registered'), 'not-registered'],
    ['throttled', throttled(7), undefined],
  ])('writes one line of it for %s, with the reason', async (failure, verdict, reason) => {
    const [line, ...more] = await linesOf({ verdict, via: 'jwt' });
    const { requestId, address } = request;
    const written = { event: 'refused', failure, via: 'jwt', requestId, address, level: 'info' };
    expect(line).toMatchObject({ ...written, msg: 'a request was refused' });
    expect(line?.['reason']).toBe(reason);
    expect(more).toEqual([]);
  });

  it.each([
    ['dependency', 'warn'],
    ['own-credentials', 'error'],
    ['overload', 'error'],
    ['ourselves', 'error'],
  ] as const)('says who is to blame where the credential could not be checked: %s', async (blame, level) => {
    const [line] = await linesOf({ verdict: unavailable('introspection', { blame }), via: 'jwt' });
    expect(line).toMatchObject({
      level,
      blame,
      reason: 'introspection',
      msg: 'a credential could not be checked',
    });
    expect(line).not.toHaveProperty('err');
  });

  it('keeps the error that was thrown, for the operator', async () => {
    const cause = new Error('boom');
    const [line] = await linesOf({ verdict: unavailable('jwt', { blame: 'ourselves', cause }) });
    expect(line).toMatchObject({ err: { message: 'boom' } });
  });

  it('writes nothing about an acceptance', async () => {
    expect(await linesOf({ verdict: { ok: true, principal: principalOf() } })).toEqual([]);
  });
});
