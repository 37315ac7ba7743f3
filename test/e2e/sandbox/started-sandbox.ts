import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#gatehouse/platform';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { holdAnswers } from '../../support/openapi/hold-answers.js';

export const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';
export const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
export const probeGroupId = 'c3e2d1f0-9b8a-4766-8554-433221100ffe';
export const adaId = '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1a01';
export const redirectUri = 'http://127.0.0.1:3001/callback';

/** The user action of the kickstart file. */
export const lockActionId = '8c0b6f1d-3e57-4a92-b1d4-5f7e9a2c6d10';

type Headers = Record<string, string>;
const mergePatch = { 'content-type': 'application/merge-patch+json' };

/**
 * Starts a sandbox in a new directory. `stop` removes both, and throws if an answer differed from FusionAuth's
 * OpenAPI document.
 */
export async function startedSandbox(options: Partial<SandboxOptions> = {}) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'gatehouse-sandbox-'));
  const log = createLogger('sandbox', 'warn');
  const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir, log, ...options });
  const release = holdAnswers(sandbox);
  const stop = async () => {
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
    release();
  };
  return { sandbox, dataDir, stop };
}

/** Sends a JSON request with an API key, by default the one with all permissions. */
export function api(sandbox: Sandbox, method: string, path: string, body?: unknown, headers: Headers = {}) {
  return fetch(sandbox.url + path, {
    method,
    headers: {
      authorization: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** Returns the parsed text; an empty object for an empty text. */
  readonly body: Record<string, unknown>;
  readonly headers: globalThis.Headers;
}

async function read(answer: Response): Promise<Answered> {
  const text = await answer.text();
  const { status, headers } = answer;
  return { status, text, headers, body: (text === '' ? {} : JSON.parse(text)) as Answered['body'] };
}

/** Sends a JSON request and reads its answer. */
export const call = async (...request: Parameters<typeof api>): Promise<Answered> =>
  read(await api(...request));

/** Posts a form without an API key; undefined fields are left out. */
export async function postForm(
  sandbox: Sandbox,
  path: string,
  fields: Record<string, string | undefined>,
  headers: Headers = {},
): Promise<Answered> {
  return read(await fetch(sandbox.url + path, { method: 'POST', body: present(fields), headers }));
}

/** Introspects as the Dev Center application, with its secret; undefined fields are left out. */
export const introspect = (
  sandbox: Sandbox,
  token: string,
  changes: Record<string, string | undefined> = {},
) =>
  postForm(sandbox, '/oauth2/introspect', {
    token,
    client_id: applicationId,
    client_secret: sandbox.secrets['FUSIONAUTH_CLIENT_SECRET'],
    ...changes,
  });

/** Changes the default tenant; arrays are replaced. */
export async function configureTenant(sandbox: Sandbox, tenant: object): Promise<void> {
  const answer = await call(sandbox, 'PATCH', `/api/tenant/${tenantId}`, { tenant }, mergePatch);
  if (answer.status !== 200) throw new Error(`configuring answered ${answer.status}: ${answer.text}`);
}

/** Locks a user by a user action; by default for an hour and for every application. */
export async function lock(sandbox: Sandbox, userId: string, changes: object = {}): Promise<string> {
  const expiry = sandbox.clock.now() + 3_600_000;
  const { body, text } = await call(sandbox, 'POST', '/api/user/action', {
    action: {
      actioneeUserId: userId,
      actionerUserId: userId,
      userActionId: lockActionId,
      expiry,
      ...changes,
    },
  });
  const { id } = (body['action'] ?? {}) as { id?: string };
  if (id === undefined) throw new Error(`locking failed: ${text}`);
  return id;
}

/** Changes the Dev Center application; arrays are replaced. */
export async function configure(sandbox: Sandbox, application: object): Promise<void> {
  const answer = await api(
    sandbox,
    'PATCH',
    `/api/application/${applicationId}`,
    { application },
    mergePatch,
  );
  if (!answer.ok) throw new Error(`configuring answered ${answer.status}: ${await answer.text()}`);
}

export const newVerifier = () => randomBytes(32).toString('base64url');
export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** Returns the fields that have a value, as a form or a query. */
const present = (fields: Record<string, string | undefined>) =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
  );

/** Returns the parameters of an authorization request; undefined ones are left out. */
export function authorizationRequest(changes: Record<string, string | undefined> = {}): URLSearchParams {
  const parameters = {
    client_id: applicationId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid offline_access',
    state: 'a state',
    code_challenge: challengeOf(newVerifier()),
    code_challenge_method: 'S256',
  };
  return present({ ...parameters, ...changes });
}

export const authorize = (
  sandbox: Sandbox,
  changes?: Record<string, string | undefined>,
  headers?: Headers,
) =>
  fetch(`${sandbox.url}/oauth2/authorize?${authorizationRequest(changes).toString()}`, {
    redirect: 'manual',
    ...(headers ? { headers } : {}),
  });

export function postLogIn(
  sandbox: Sandbox,
  changes: Record<string, string | undefined> = {},
  headers: Headers = {},
): Promise<Response> {
  const form = authorizationRequest({
    loginId: 'ada@example.com',
    password: sandbox.secrets['ADA_PASSWORD'],
    ...changes,
  });
  return fetch(`${sandbox.url}/oauth2/authorize`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
    headers,
  });
}

/** Returns the query of the address that an answer redirects to. */
export function redirected(answer: Response): URLSearchParams {
  const location = answer.headers.get('location') ?? '';
  if (!location.startsWith(`${redirectUri}?`))
    throw new Error(`not sent back but ${answer.status} ${location}`);
  return new URL(location).searchParams;
}

/** Resolves with a code for Ada and its verifier. */
export async function newCode(sandbox: Sandbox, changes: Record<string, string | undefined> = {}) {
  const verifier = newVerifier();
  const answer = await postLogIn(sandbox, { code_challenge: challengeOf(verifier), ...changes });
  return { code: redirected(answer).get('code')!, verifier };
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: Record<string, unknown> & {
    access_token: string;
    refresh_token?: string;
    id_token?: string;
    error?: string;
    error_reason?: string;
  };
}

/** Sends a token request; undefined fields are left out. */
export async function requestToken(
  sandbox: Sandbox,
  fields: Record<string, string | undefined>,
  headers: Headers = {},
): Promise<TokenAnswer> {
  const answer = await fetch(`${sandbox.url}/oauth2/token`, {
    method: 'POST',
    body: present(fields),
    headers,
  });
  return { status: answer.status, body: (await answer.json()) as TokenAnswer['body'] };
}

export const exchange = (
  sandbox: Sandbox,
  code: string,
  verifier: string,
  changes: Record<string, string | undefined> = {},
) =>
  requestToken(sandbox, {
    grant_type: 'authorization_code',
    client_id: applicationId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
    ...changes,
  });

export const refresh = (
  sandbox: Sandbox,
  refreshToken: string,
  changes: Record<string, string | undefined> = {},
) =>
  requestToken(sandbox, {
    grant_type: 'refresh_token',
    client_id: applicationId,
    refresh_token: refreshToken,
    ...changes,
  });

/** Logs Ada in and returns her tokens. */
export async function logIn(sandbox: Sandbox, changes: Record<string, string | undefined> = {}) {
  const { code, verifier } = await newCode(sandbox, changes);
  const { status, body } = await exchange(sandbox, code, verifier);
  if (status !== 200) throw new Error(`logging in answered ${status} ${JSON.stringify(body)}`);
  return body;
}
