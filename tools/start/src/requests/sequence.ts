import { strategies, type StrategyName } from '#gatehouse/auth';
import type { Step, Trace, TracedCall } from './traces.js';

/** The columns of a sequence diagram, from left to right. */
export const lanes = ['Client', 'Todo API', 'Memory', 'FusionAuth'] as const;
type Lane = (typeof lanes)[number];

/** An arrow of the diagram; one that leads to its own lane is work done there. */
export interface Message {
  readonly from: Lane;
  readonly to: Lane;
  readonly text: string;
  readonly milliseconds?: number | undefined;
}

export interface Sequence {
  readonly id: number;
  readonly at: Date;
  readonly title: string;
  /** The number of calls to FusionAuth for the request; undefined when it waited for those of another request. */
  readonly calls: number | undefined;
  readonly messages: readonly Message[];
}

/** The FusionAuth calls that a request may cause, with a question that describes each. */
const operations: Readonly<Record<string, string>> = {
  introspection: 'Is the token active? POST /oauth2/introspect',
  session: 'Is the session still valid? GET /api/jwt/refresh/…',
  user: 'Is the user active? GET /api/user/…',
  'user actions': 'Is the user locked? GET /api/user/action',
  entity: 'Does the entity exist? GET /api/entity/…',
  'entity grant': 'Does the grant exist? GET /api/entity/…/grant',
  'API key probe': 'May the key read the probe group? GET /api/group/…',
  'over-privilege check': 'Does the key permit more than that?',
  login: 'Is the authentication token correct? POST /api/login',
  'key set': 'Which keys sign? GET /.well-known/jwks.json',
};

const credentials: Readonly<Record<StrategyName, string>> = {
  jwt: 'an access token',
  'api-key': 'an API key',
  'email-token': 'an e-mail and an Authentication Token',
};

/**
 * Returns the messages of a request. They name the kind of credential and the questions to FusionAuth, and never
 * contain the credential or the body of an answer.
 */
export function sequenceOf(trace: Trace): Sequence {
  const { id, at, method, path, status, milliseconds, steps } = trace;
  const calls = has(trace, 'joined') ? undefined : steps.filter(({ kind }) => kind === 'called').length;
  const asking = `${method} ${path}`;
  const messages: Message[] = [
    { from: 'Client', to: 'Todo API', text: `${asking}, ${presented(trace)}` },
    ...remembering(trace),
    ...steps.flatMap(messagesOf),
    { from: 'Todo API', to: 'Client', text: `${status ?? ''}${ending(trace)}`, milliseconds },
  ];
  return { id, at, title: `${asking}: ${status ?? ''}`, calls, messages };
}

const has = ({ steps }: Trace, ...kinds: readonly Step['kind'][]): boolean =>
  steps.some(({ kind }) => kinds.includes(kind));

function messagesOf(step: Step): Message[] {
  if (step.kind === 'called') return callOf(step);
  if (step.kind === 'looked-up') return lookUp(step);
  return step.kind === 'judged' ? [judged] : [];
}

const judged: Message = {
  from: 'Todo API',
  to: 'Todo API',
  text: 'Checks signature, issuer, audience and times with the keys in memory',
};

function presented({ decided }: Trace): string {
  const via = decided?.via;
  if (via === undefined) return decided?.verdict.ok === false ? decided.verdict.failure.kind : '';
  const what = via in strategies ? credentials[via as StrategyName] : via;
  const principal = decided?.verdict.ok ? decided.verdict.principal : undefined;
  return principal ? `${what} of ${principal.kind} …${principal.subject.slice(-4)}` : what;
}

/** Returns the messages of the cache lookup. A malformed credential is not looked up. */
function remembering(trace: Trace): Message[] {
  const { decided } = trace;
  if (decided?.via === undefined) return [];
  const known = (text: string): Message[] => [
    { from: 'Todo API', to: 'Memory', text: 'Is this credential known?' },
    { from: 'Memory', to: 'Todo API', text },
  ];
  if (has(trace, 'joined'))
    return known('It is being verified for another request: this one gets the same verdict');
  if (has(trace, 'judged', 'called')) return known('No');
  // Only an accepted credential is looked up among the revocations.
  if (decided.verdict.ok || has(trace, 'looked-up'))
    return known('Yes, accepted before: no call to FusionAuth');
  return [{ from: 'Todo API', to: 'Todo API', text: 'Refuses it without a call to FusionAuth' }];
}

/** Returns the messages of the lookup among the revocations, which REVOCATION=push makes for every accepted token. */
function lookUp({ refusal }: Extract<Step, { kind: 'looked-up' }>): Message[] {
  const cannotSay = refusal?.failure.kind === 'unavailable';
  const answer = refusal === undefined ? 'No' : cannotSay ? 'The revocations cannot be read just now' : 'Yes';
  return [
    { from: 'Todo API', to: 'Memory', text: 'Is it among the revocations?' },
    { from: 'Memory', to: 'Todo API', text: answer },
  ];
}

const callOf = ({ operation, status, milliseconds }: TracedCall): Message[] => [
  { from: 'Todo API', to: 'FusionAuth', text: operations[operation] ?? operation },
  {
    from: 'FusionAuth',
    to: 'Todo API',
    text: status === undefined ? 'no answer' : String(status),
    milliseconds,
  },
];

/** Returns the reason of a refusal, by its name in the log. */
function ending({ decided }: Trace): string {
  if (!decided || decided.verdict.ok) return '';
  const { failure } = decided.verdict;
  return 'reason' in failure ? `, ${failure.kind}: ${failure.reason}` : `, ${failure.kind}`;
}
