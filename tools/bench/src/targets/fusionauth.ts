import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, serveParent, settings } from '../processes/in-child.js';
import type { GuardSettings } from './guards/guard-under-test.js';

/** How the stand-in behaves from now on; what is not mentioned stays. A call that hung is never answered. */
export interface Behaviour {
  /** Milliseconds before each answer. */
  readonly delay?: number;
  readonly fault?: 'none' | '500' | 'hang' | 'refused';
  readonly keys?: readonly object[];
}

/**
 * The calls that a guard makes of FusionAuth, answered at once: nothing is looked up, so that the stand-in never is what
 * is measured. API keys and authentication tokens are good when they begin with `good`; others are refused without a
 * body (FusionAuth docs, Status Codes).
 */
const { tenantId, applicationId, issuer } = settings as GuardSettings;
let behaviour: Required<Behaviour> = { delay: 0, fault: 'none', keys: [] };
const calls = new Map<string, number>();
const perCredential = new Map<string, number>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    count(request, body);
    if (behaviour.fault === 'hang') return;
    if (behaviour.delay === 0) reply(request, response, body);
    else setTimeout(() => reply(request, response, body), behaviour.delay);
  });
});

/** By endpoint, and by credential: it is the caller's own key, or in the body. */
function count({ url = '', headers }: IncomingMessage, body: string): void {
  const path = url.split('/', 3).join('/');
  const credential = `${path} ${body || (headers.authorization ?? '')}`;
  calls.set(path, (calls.get(path) ?? 0) + 1);
  perCredential.set(credential, (perCredential.get(credential) ?? 0) + 1);
}

function reply(request: IncomingMessage, response: ServerResponse, body: string): void {
  const [status, answer] = behaviour.fault === '500' ? [500] : answerTo(request, body);
  const text = answer === undefined ? '' : JSON.stringify(answer);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function answerTo({ url = '', headers }: IncomingMessage, body: string): [status: number, answer?: unknown] {
  if (url.endsWith('/openid-configuration')) return [200, { issuer }];
  if (url.endsWith('/jwks.json')) return [200, { keys: behaviour.keys }];
  if (url.startsWith('/api/jwt/public-key'))
    return [200, { publicKey: 'a PEM, of which only that it is there counts' }];
  if (url === '/oauth2/introspect') return [200, { active: true }];
  if (url.startsWith('/api/group/')) {
    return headers.authorization?.startsWith('good')
      ? [200, { group: { id: url.slice('/api/group/'.length), tenantId } }]
      : [401];
  }
  if (url === '/api/login') {
    const { loginId, password } = JSON.parse(body) as { loginId: string; password: string };
    return password.startsWith('good') ? [200, loggedIn(loginId)] : [404];
  }
  // What must stay shut for a client's key.
  return [401];
}

function loggedIn(email: string) {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { iss: issuer, applicationId, authenticationType: 'APPLICATION_TOKEN' };
  const registrations = [{ applicationId, roles: ['todo-reader'] }];
  return {
    token: `${encode({ alg: 'RS256' })}.${encode(claims)}.${encode({})}`,
    user: { id: email, tenantId, email, verified: true, registrations },
  };
}

const url = await listen(server);
const port = Number(new URL(url).port);

async function behave(next: Behaviour): Promise<void> {
  behaviour = { ...behaviour, ...next };
  if (behaviour.fault === 'refused' && server.listening) {
    server.close();
    server.closeAllConnections();
  } else if (behaviour.fault !== 'refused' && !server.listening) {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }
}

serveParent(url, {
  behave,
  calls: (path: string) => calls.get(path) ?? 0,
  callsOf: (credential: string) => perCredential.get(credential) ?? 0,
  mostForOne: () => Math.max(0, ...perCredential.values()),
});
