import { strategies, type StrategyName } from '#gatehouse/auth';
import type { Trace, TracedCall } from './traces.js';

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
  /** How many calls to FusionAuth the request took. */
  readonly calls: number;
  readonly messages: readonly Message[];
}

/** The operations that a request may cause, as a reader knows them. */
const operations: Readonly<Record<string, string>> = {
  introspection: 'Is the token active? POST /oauth2/introspect',
  session: 'Does the session last? GET /api/jwt/refresh/…',
  user: 'Is the user active? GET /api/user/…',
  'user actions': 'Is the user barred? GET /api/user/action',
  entity: 'Is the entity there? GET /api/entity/…',
  'entity grant': 'Does the grant last? GET /api/entity/…/grant',
  'API key probe': 'Does the key open the probe group? GET /api/group/…',
  'over-privilege check': 'Does the key open more than that?',
  login: 'Is the Authentication Token right? POST /api/login',
  'key set': 'Which keys sign? GET /.well-known/jwks.json',
};

const credentials: Readonly<Record<StrategyName, string>> = {
  jwt: 'an access token',
  'api-key': 'an API key',
  'email-token': 'an e-mail and an Authentication Token',
};

/** The messages of a request. They say what was presented and asked, and never hold the credential or an answer's body. */
export function sequenceOf(trace: Trace): Sequence {
  const { id, at, method, path, status, milliseconds, steps } = trace;
  const calls = steps.filter((step) => step.kind === 'called');
  const asking = `${method} ${path}`;
  const messages: Message[] = [
    { from: 'Client', to: 'Todo API', text: `${asking}, ${presented(trace)}` },
    ...remembering(trace),
    ...steps.flatMap((step) => (step.kind === 'judged' ? [judged] : callOf(step))),
    { from: 'Todo API', to: 'Client', text: `${status ?? ''}${ending(trace)}`, milliseconds },
  ];
  return { id, at, title: `${asking}: ${status ?? ''}`, calls: calls.length, messages };
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

/** What the memory knew. A credential that cannot be one is not looked up. */
function remembering({ decided, steps }: Trace): Message[] {
  if (decided?.via === undefined) return [];
  const isNew = steps.length > 0;
  if (!isNew && !decided.verdict.ok)
    return [{ from: 'Todo API', to: 'Todo API', text: 'Refuses it without asking FusionAuth' }];
  return [
    { from: 'Todo API', to: 'Memory', text: 'Is this credential known?' },
    { from: 'Memory', to: 'Todo API', text: isNew ? 'No' : 'Yes, accepted before: FusionAuth is not asked' },
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

/** The reason of a refusal, by its name in the log. */
function ending({ decided }: Trace): string {
  if (!decided || decided.verdict.ok) return '';
  const { failure } = decided.verdict;
  return 'reason' in failure ? `, ${failure.kind}: ${failure.reason}` : `, ${failure.kind}`;
}
