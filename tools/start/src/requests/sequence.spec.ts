import { rejected, unavailable } from '../../../../libs/auth/src/core/failure.js';
import { type Message, sequenceOf } from './sequence.js';
import type { Step, Trace } from './traces.js';

type Decided = NonNullable<Trace['decided']>;

const principal = {
  subject: 'user-4711',
  issuer: 'i',
  kind: 'user' as const,
  via: 'jwt',
  roles: [],
  credentialId: 'c',
};
const accepted = { via: 'jwt', verdict: { ok: true, principal } } as unknown as Decided;
const refused = (verdict: Decided['verdict']) => ({ via: 'jwt', verdict }) as unknown as Decided;

const judged: Step = { kind: 'judged' };
const joined: Step = { kind: 'joined' };
const asked: Step = { kind: 'called', operation: 'introspection', status: 200, milliseconds: 3 };
const notRevoked: Step = { kind: 'looked-up', refusal: undefined };

function draw(decided: Decided | undefined, ...steps: Step[]) {
  const parts = { id: 1, at: new Date(0), method: 'GET', path: '/me', milliseconds: 5, steps };
  const status = decided?.verdict.ok ? 200 : 401;
  return sequenceOf({ ...parts, status, ...(decided ? { decided } : {}) });
}
/** Returns the messages between the request and its answer, as `from > to: text`. */
const between = (...drawn: Parameters<typeof draw>): string[] =>
  draw(...drawn)
    .messages.slice(1, -1)
    .map(({ from, to, text }: Message) => `${from} > ${to}: ${text}`);

const asksMemory = 'Todo API > Memory: Is this credential known?';
const isNew = [asksMemory, 'Memory > Todo API: No'];
const isKnown = [asksMemory, 'Memory > Todo API: Yes, accepted before: no call to FusionAuth'];
const checks = 'Todo API > Todo API: Checks signature, issuer, audience and times with the keys in memory';
const looksUp = (answer: string) => [
  'Todo API > Memory: Is it among the revocations?',
  `Memory > Todo API: ${answer}`,
];

describe('the drawing of a request', () => {
  it('begins with what was presented and ends with the answer and its time', () => {
    expect(draw(accepted, judged).messages.at(0)).toMatchObject({
      ...{ from: 'Client', to: 'Todo API', text: 'GET /me, an access token of user …4711' },
    });
    expect(draw(accepted, judged).messages.at(-1)).toMatchObject({
      to: 'Client',
      text: '200',
      milliseconds: 5,
    });
    expect(draw(refused(rejected('expired')), judged).messages.at(-1)?.text).toBe('401, rejected: expired');
  });

  it('shows a new token that is checked here, and one that FusionAuth is asked about', () => {
    expect(between(accepted, judged)).toEqual([...isNew, checks]);
    expect(between(accepted, judged, asked)).toEqual([
      ...[...isNew, checks, 'Todo API > FusionAuth: Is the token active? POST /oauth2/introspect'],
      'FusionAuth > Todo API: 200',
    ]);
    expect(draw(accepted, judged, asked).calls).toBe(1);
  });

  it('shows that FusionAuth gave no answer', () => {
    const silent = { ...asked, status: undefined };
    expect(between(refused(unavailable('introspection')), silent).at(-1)).toBe(
      'FusionAuth > Todo API: no answer',
    );
  });

  it('shows a credential that was accepted before as known', () => {
    expect(between(accepted)).toEqual(isKnown);
    expect(draw(accepted).calls).toBe(0);
  });

  it('shows with REVOCATION=push that a token is looked up, a known one too', () => {
    expect(between(accepted, judged, notRevoked)).toEqual([...isNew, checks, ...looksUp('No')]);
    expect(between(accepted, notRevoked)).toEqual([...isKnown, ...looksUp('No')]);
  });

  it('shows a known token that was revoked since, and one for which that is not known', () => {
    const revoked = rejected('revoked');
    expect(between(refused(revoked), { kind: 'looked-up', refusal: revoked })).toEqual([
      ...isKnown,
      ...looksUp('Yes'),
    ]);
    const unknown = unavailable('revocations');
    expect(between(refused(unknown), { kind: 'looked-up', refusal: unknown })).toEqual([
      ...isKnown,
      ...looksUp('The revocations cannot be read just now'),
    ]);
  });

  it('shows a request that waited for the verdict on another one as that, not as known', () => {
    const waits = [
      asksMemory,
      'Memory > Todo API: It is being verified for another request: this one gets the same verdict',
    ];
    expect(between(accepted, joined)).toEqual(waits);
    expect(between(accepted, joined, notRevoked)).toEqual([...waits, ...looksUp('No')]);
    expect(between(refused(rejected('inactive')), joined)).toEqual(waits);
    expect(draw(accepted, joined).calls).toBeUndefined();
  });

  it('shows what is refused without a question', () => {
    expect(between(refused(rejected('inactive')))).toEqual([
      'Todo API > Todo API: Refuses it without a call to FusionAuth',
    ]);
    expect(between({ verdict: rejected('x') })).toEqual([]);
  });
});
