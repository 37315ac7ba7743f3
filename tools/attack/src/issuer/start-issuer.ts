import { createPublicKey } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { listenFailure } from '#gatehouse/platform';
import type { Target } from '../target.js';
import { introspect } from './introspect.js';
import { type KeyRing, keyRing } from './key-ring.js';
import { type IssuerRecords, issuerRecords } from './records.js';

export interface Issuer {
  readonly url: string;
  readonly target: Target;
  readonly keys: KeyRing;
  readonly records: IssuerRecords;
  /** Addresses that only a token named and that the API nevertheless fetched. */
  readonly lured: readonly string[];
  readonly lureUrl: string;
  readonly close: () => Promise<void>;
}

export interface IssuerSettings {
  readonly port: number;
  /** Everything but the issuer; that is the URL unless it is given. */
  readonly target: Omit<Target, 'issuer'> & { readonly issuer?: string | undefined };
  readonly clock?: () => number;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

type Parts = Pick<Issuer, 'url' | 'target' | 'keys' | 'records'> & {
  readonly clock: () => number;
  readonly lured: string[];
};

/** Serves on this machine what an API needs of a FusionAuth to verify tokens, with fresh keys. Port 0 picks a free one. */
export async function startIssuer({
  port,
  target: wanted,
  clock = Date.now,
}: IssuerSettings): Promise<Issuer> {
  const keys = keyRing();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, port, '--issuer-port')));
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target: Target = { ...wanted, issuer: wanted.issuer ?? url };
  const parts = { url, target, keys, records: issuerRecords(target), clock, lured: [] as string[] };
  server.on('request', (request, response) => {
    const unreadable = (): Answer => ({ status: 400 });
    void answerTo(request, parts)
      .catch(unreadable)
      .then(({ status, body }) => {
        response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { ...parts, lureUrl: `${url}/lure`, close };
}

const notFound: Answer = { status: 404 };
const found = (body: unknown): Answer => ({ status: 200, body });
const record = (name: string, value: unknown): Answer =>
  value === undefined ? notFound : found({ [name]: value });

async function answerTo(request: IncomingMessage, parts: Parts): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', parts.url);
  const segments = pathname.split('/').filter((segment) => segment !== '');
  if (pathname === '/oauth2/introspect') {
    const answer = introspect(new URLSearchParams(await text(request)), parts);
    return answer === 'not-yours' ? { status: 401 } : found(answer);
  }
  if (segments[0] === 'lure') {
    parts.lured.push(pathname);
    return found({ keys: [strangersJwk(parts.keys)] });
  }
  const [api, kind = '', id = '', detail = ''] = segments;
  if (api !== 'api') return documents(segments, parts);
  if (pathname === '/api/jwt/public-key') return found({ publicKey: publicPem(parts.keys) });
  // FusionAuth says so of everything that a key does not permit.
  return records.get(kind)?.(parts.records, id, detail, searchParams) ?? { status: 401 };
}

/** Discovery and key set; discovery under the tenant’s path too. */
function documents(segments: readonly string[], { url, target, keys }: Parts): Answer {
  const path = segments.filter((segment) => segment !== target.tenantId).join('/');
  if (path === '.well-known/jwks.json') return found(keys.set);
  if (path !== '.well-known/openid-configuration') return notFound;
  return found({
    issuer: target.issuer,
    jwks_uri: `${url}/.well-known/jwks.json`,
    authorization_endpoint: `${url}/oauth2/authorize`,
    token_endpoint: `${url}/oauth2/token`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
  });
}

/** What FusionAuth's API tells of sessions, users, locks, entities and grants; here to whoever asks. */
type Records = (known: IssuerRecords, id: string, detail: string, query: URLSearchParams) => Answer;

const session: Records = ({ sessions }, _refresh, sid) => record('refreshToken', sessions.get(sid));
const user: Records = ({ users }, id, _detail, query) =>
  id === 'action'
    ? found({ actions: users.get(query.get('userId') ?? '')?.locks ?? [] })
    : record('user', users.get(id));
const entity: Records = ({ entities, grants }, id, detail, query) => {
  if (detail !== 'grant') return record('entity', entities.has(id) ? { id } : undefined);
  const permissions = grants.get(query.get('recipientEntityId') ?? '');
  return record('grant', permissions && { permissions });
};
/** By the first part of the path below `/api`. */
const records = new Map([
  ['jwt', session],
  ['user', user],
  ['entity', entity],
]);

const publicPem = ({ good }: KeyRing) =>
  createPublicKey(good.rs256.privateKey).export({ type: 'spki', format: 'pem' });

const strangersJwk = ({ strangers: { rsa } }: KeyRing) => ({
  ...createPublicKey(rsa.privateKey).export({ format: 'jwk' }),
  kid: rsa.kid,
  alg: rsa.alg,
  use: 'sig',
});
