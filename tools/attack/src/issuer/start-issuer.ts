import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenFailure } from '#gatehouse/platform';
import { type Answer, serveKeys } from '../../../issuer/src/key-server.js';
import { publicJwk, publicPem } from '../../../issuer/src/signing-key.js';
import type { Target } from '../target.js';
import { introspect } from './introspect.js';
import { type KeyRing, keyRing } from './key-ring.js';
import { type IssuerRecords, issuerRecords } from './records.js';

export interface Issuer {
  readonly url: string;
  readonly target: Target;
  readonly keys: KeyRing;
  readonly records: IssuerRecords;
  /** Addresses named only in a token that the API nevertheless requested. */
  readonly lured: readonly string[];
  readonly lureUrl: string;
  readonly close: () => Promise<void>;
}

export interface IssuerSettings {
  readonly port: number;
  /** The target without its issuer, which is by default the URL. */
  readonly target: Omit<Target, 'issuer'> & { readonly issuer?: string | undefined };
  readonly clock?: () => number;
}

/**
 * Serves on this machine everything an API needs from a FusionAuth to verify tokens, with fresh keys. Port 0 picks a
 * free one.
 */
export async function startIssuer({
  port,
  target: wanted,
  clock = Date.now,
}: IssuerSettings): Promise<Issuer> {
  const state = { keys: keyRing(), records: issuerRecords(wanted), clock, lured: [] as string[] };
  const server = await serveKeys({
    port,
    keys: state.keys.published,
    issuer: wanted.issuer,
    more: (request, { pathname, searchParams }) => answerTo(request, pathname, searchParams, state),
  }).catch((error: unknown) => {
    throw listenFailure(error as NodeJS.ErrnoException, port, '--issuer-port');
  });
  const { url } = server;
  const target: Target = { ...wanted, issuer: wanted.issuer ?? url };
  return { ...state, url, target, lureUrl: `${url}/lure`, close: () => server.close() };
}

interface State {
  readonly keys: KeyRing;
  readonly records: IssuerRecords;
  readonly clock: () => number;
  readonly lured: string[];
}

const notFound: Answer = { status: 404 };
const found = (body: unknown): Answer => ({ status: 200, body });
const record = (name: string, value: unknown): Answer =>
  value === undefined ? notFound : found({ [name]: value });

/** Answers introspection, the lure and FusionAuth's API; undefined for the paths of the key server. */
async function answerTo(
  request: IncomingMessage,
  pathname: string,
  query: URLSearchParams,
  { lured, keys, records, clock }: State,
): Promise<Answer | undefined> {
  if (pathname === '/oauth2/introspect') {
    const answer = introspect(new URLSearchParams(await text(request)), { keys, records, clock });
    return answer === 'not-yours' ? { status: 401 } : found(answer);
  }
  const [root, kind = '', id = '', detail = ''] = pathname.split('/').filter((segment) => segment !== '');
  if (root === 'lure') {
    lured.push(pathname);
    const { privateKey, kid, alg } = keys.strangers.rsa;
    return found({ keys: [{ ...publicJwk(privateKey), kid, alg, use: 'sig' }] });
  }
  if (root !== 'api') return undefined;
  if (pathname === '/api/jwt/public-key') return found({ publicKey: publicPem(keys.good.rs256.privateKey) });
  // FusionAuth answers 401 to every call that a key does not permit.
  return recordsByPath.get(kind)?.(records, id, detail, query) ?? { status: 401 };
}

/** Answers of FusionAuth's API about sessions, users, locks, entities and grants; here to any caller. */
type Lookup = (known: IssuerRecords, id: string, detail: string, query: URLSearchParams) => Answer;

const session: Lookup = ({ sessions }, _refresh, sid) => record('refreshToken', sessions.get(sid));
const user: Lookup = ({ users }, id, _detail, query) =>
  id === 'action'
    ? found({ actions: users.get(query.get('userId') ?? '')?.locks ?? [] })
    : record('user', users.get(id));
const entity: Lookup = ({ entities, grants }, id, detail, query) => {
  if (detail !== 'grant') return record('entity', entities.has(id) ? { id } : undefined);
  const permissions = grants.get(query.get('recipientEntityId') ?? '');
  return record('grant', permissions && { permissions });
};
/** By the first part of the path below `/api`. */
const recordsByPath = new Map([
  ['jwt', session],
  ['user', user],
  ['entity', entity],
]);
