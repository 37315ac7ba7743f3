import { createLogger } from '#gatehouse/platform';
import { fusionAuthEvent, signedBody, signedWebhook } from '../../../../test/support/webhooks.js';
import { type TokenMinter, tokenMinter } from '../../../../tools/issuer/src/token-minter.js';
import { KeySource } from '../strategies/jwt/key-source.js';
import { type EventOutcome, maxEventBytes } from './received.js';
import { webhookReceiver } from './webhook-receiver.js';

let key: TokenMinter;
beforeAll(() => (key = tokenMinter(Date.now, 'ES256')));

function world(outcome: EventOutcome | Error = 'applied', jwks: unknown[] = [key.jwk]) {
  const state = { now: 1_000_000, applied: 0, read: 0 };
  const lines: { level: string; msg: string; fault?: string }[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const clock = () => state.now;
  const fetchKeySet = () =>
    jwks.length > 0 ? Promise.resolve({ keys: jwks }) : Promise.reject(new Error('down'));
  const keys = new KeySource({ fetchKeySet, clock, log: createLogger('test', 'silent') });
  const apply = () => {
    state.applied += 1;
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  const take = webhookReceiver({ key: { kid: key.kid, keys }, apply, clock, log });
  const receive = (body: Buffer | Error | undefined, signature: string | undefined) =>
    take(signature, () => {
      state.read += 1;
      return body instanceof Error ? Promise.reject(body) : Promise.resolve(body);
    });
  return { state, lines, receive };
}

const event = fusionAuthEvent('user.delete', 1, {
  user: { id: '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01', firstName: 'Zoë' },
});

describe('a webhook', () => {
  it('has the outcome of its event', async () => {
    const { body, signature } = await signedWebhook(key, event);
    for (const outcome of ['applied', 'repeated', 'foreign', 'from_the_future'] as const)
      expect(await world(outcome).receive(body, signature)).toBe(outcome);
  });

  it('from the future is logged, because a clock is wrong', async () => {
    const { body, signature } = await signedWebhook(key, event);
    const { receive, lines } = world('from_the_future');
    await receive(body, signature);
    expect(lines).toMatchObject([{ event: 'webhook', fault: 'from-the-future' }]);
    const applied = world('applied');
    await applied.receive(body, signature);
    expect(applied.lines).toEqual([]);
  });

  it('that could not be recorded is to be sent again, and the log says why', async () => {
    const { receive, lines } = world(new Error('the database is down'));
    const { body, signature } = await signedWebhook(key, event);
    expect(await receive(body, signature)).toBe('unavailable');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'webhook',
        msg: expect.stringContaining('recorded'),
      }),
    ]);
  });

  it('is too large beyond 256 KiB', async () => {
    const { receive, state } = world();
    const text = Buffer.from(JSON.stringify({ event }));
    const blanks = Buffer.alloc(maxEventBytes - text.length, ' ');
    const whole = await signedBody(key, Buffer.concat([text, blanks]));
    expect(await receive(Buffer.concat([whole.body, Buffer.from(' ')]), whole.signature)).toBe('too_large');
    expect(await receive(whole.body, whole.signature)).toBe('applied');
    expect(state.applied).toBe(1);
  });

  it('that was cut short is malformed', async () => {
    const { receive, lines } = world();
    const { signature } = await signedWebhook(key, event);
    expect(await receive(undefined, signature)).toBe('malformed');
    expect(lines).toMatchObject([{ fault: 'cut-short' }]);
  });

  it('whose body cannot be read is to be sent again, and the log says why', async () => {
    const { receive, lines } = world();
    const { signature } = await signedWebhook(key, event);
    expect(await receive(new Error('a parser has read it'), signature)).toBe('unavailable');
    expect(lines).toMatchObject([{ level: 'error', err: { message: 'a parser has read it' } }]);
  });

  it.each(['', '{', '[]', '{"event":{}}', '{"event":{"type":"user.delete"}}'])(
    'that is signed but not an event is malformed: %j',
    async (text) => {
      const { receive, state, lines } = world();
      const { body, signature } = await signedBody(key, Buffer.from(text));
      expect(await receive(body, signature)).toBe('malformed');
      expect(state.applied).toBe(0);
      expect(lines).toMatchObject([{ fault: 'not-an-event' }]);
    },
  );

  it('that nobody signed is not even read', async () => {
    const { receive, state } = world();
    const stranger = tokenMinter(Date.now, 'ES256', key.kid);
    for (const text of ['{', JSON.stringify({ event })]) {
      const { body, signature } = await signedBody(stranger, Buffer.from(text));
      expect(await receive(body, signature)).toBe('forged');
    }
    expect(await receive(Buffer.from('{'), undefined)).toBe('forged');
    expect([state.read, state.applied]).toEqual([0, 0]);
  });

  it('with the signature of another body is forged', async () => {
    const { receive, state, lines } = world();
    const { signature } = await signedWebhook(key, event);
    expect(await receive(Buffer.from(JSON.stringify({ event: { ...event, id: 'x' } })), signature)).toBe(
      'forged',
    );
    expect(lines).toMatchObject([{ fault: 'digest' }]);
    expect([state.read, state.applied]).toEqual([1, 0]);
  });

  it('cannot be judged while the key set is unavailable', async () => {
    const { receive, state } = world('applied', []);
    const { body, signature } = await signedWebhook(key, event);
    expect(await receive(body, signature)).toBe('unavailable');
    expect(state.applied).toBe(0);
  });

  it('by a key that the key set lacks is refused: a sender chooses what it signs with', async () => {
    const { receive } = world('applied', [tokenMinter().jwk]);
    const { body, signature } = await signedWebhook(key, event);
    expect(await receive(body, signature)).toBe('forged');
  });

  it('that is refused is logged once a minute for each fault, with its remedy and without its body', async () => {
    const { receive, lines, state } = world();
    const { body, signature } = await signedWebhook(key, event);
    const refuse = async () => {
      await receive(body, undefined);
      await receive(Buffer.alloc(maxEventBytes + 1), signature);
    };
    await refuse();
    state.now += 59_999;
    await refuse();
    expect(lines.map(({ fault }) => fault)).toEqual(['no-signature', 'too-large']);
    expect(lines[0]!.msg).toContain('enable signatureConfiguration of the webhook');
    state.now += 1;
    await refuse();
    expect(lines).toHaveLength(4);
    expect(JSON.stringify(lines)).not.toContain('Zoë');
  });
});
