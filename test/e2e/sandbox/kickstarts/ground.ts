import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogger } from '#gatehouse/platform';
import {
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../../../tools/sandbox/src/start-sandbox.js';

/** The first API key of every kickstart file in these tests. */
const key = 'first-key';

/** Returns a kickstart file without the parts that all have in common. */
interface Content {
  readonly variables?: object;
  readonly apiKeys?: readonly object[];
  readonly requests?: readonly unknown[];
}

export const post = (url: string, body?: unknown, tenantId?: string) => ({
  method: 'POST',
  url,
  body,
  tenantId,
});
export const patch = (url: string, body: unknown, contentType?: string) => ({
  method: 'PATCH',
  url,
  body,
  contentType,
});

/** Writes a kickstart file to a directory of its own, for sandboxes that it sets up; `remove` deletes both. */
export class Ground {
  readonly folder = mkdtempSync(join(tmpdir(), 'gatehouse-kickstarts-'));
  readonly dataDir = join(this.folder, 'data');
  readonly log: string[] = [];
  #sandboxes: Sandbox[] = [];

  /** Starts a sandbox that this file sets up, or that an earlier start has set up. Rejects if the start fails. */
  async start(
    { variables = {}, apiKeys = [{ key }], requests = [] }: Content,
    files: Readonly<Record<string, string>> = {},
    options: Partial<SandboxOptions> = {},
  ): Promise<Sandbox> {
    const kickstartFile = join(this.folder, 'kickstart.json');
    const text = JSON.stringify({ variables, apiKeys, requests });
    for (const [name, part] of Object.entries({ ...files, 'kickstart.json': text })) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), part);
    }
    const log = createLogger('sandbox', 'info', { write: (line) => void this.log.push(line) });
    const own = { port: 0, host: '127.0.0.1', dataDir: this.dataDir, log, kickstartFile };
    const sandbox = await startSandbox({ ...own, ...options });
    this.#sandboxes.push(sandbox);
    return sandbox;
  }

  /** Returns the error with which a start with this file is refused. */
  async refusal(...start: Parameters<Ground['start']>): Promise<string> {
    try {
      await this.start(...start);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('the sandbox started');
  }

  async close(): Promise<void> {
    for (const sandbox of this.#sandboxes.splice(0)) await sandbox.close();
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Posts a form without an API key. */
export async function postForm({ url }: Sandbox, path: string, fields: Readonly<Record<string, string>>) {
  const answer = await fetch(url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const text = await answer.text();
  const body = (/^\{/.test(text) ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: answer.status, body, location: answer.headers.get('location') };
}

/** The client and the person of the kickstart files in these tests. */
export const client = {
  client_id: '42d7d823-4c89-4ccd-8c47-1259247103a7',
  client_secret: 'a secret of the client',
};
export const person = { email: 'ada@example.com', password: 'password of ada' };
const redirect_uri = 'http://127.0.0.1:3001/callback';

/** Returns requests that create both, with changes to the application and to the body of the registration. */
export const clientAndPerson = (
  application: object = {},
  oauthConfiguration: object = {},
  registration: object = {},
) => [
  post(`/api/application/${client.client_id}`, {
    application: {
      name: 'A client',
      ...application,
      oauthConfiguration: {
        authorizedRedirectURLs: [redirect_uri],
        clientSecret: client.client_secret,
        ...oauthConfiguration,
      },
    },
  }),
  post('/api/user/registration', {
    user: person,
    registration: { applicationId: client.client_id, ...registration },
  }),
];

/** Resolves with the answer of the token endpoint after a log-in by the code grant, or with the refusal. */
export async function logIn(sandbox: Sandbox, scope: string, changes: Readonly<Record<string, string>> = {}) {
  const request = { client_id: client.client_id, redirect_uri, response_type: 'code', scope, ...changes };
  const sent = await postForm(sandbox, '/oauth2/authorize', {
    ...request,
    loginId: person.email,
    password: person.password,
  });
  const code = new URL(sent.location ?? redirect_uri).searchParams.get('code');
  if (code === null) return sent;
  const grant = { ...client, redirect_uri, ...changes, grant_type: 'authorization_code', code };
  return postForm(sandbox, '/oauth2/token', grant);
}

/** Returns the member `name` of an answer. */
export const partOf = ({ body }: { readonly body: Record<string, unknown> }, name: string) =>
  body[name] as Record<string, unknown>;

/** Sends a request with the first API key; `body` is {} if the answer has none. */
export async function ask(
  { url }: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const answer = await fetch(url + path, {
    method,
    headers: {
      authorization: key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}
