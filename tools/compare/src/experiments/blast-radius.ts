import { randomUUID } from 'node:crypto';
import { type Experiment, notApplicable, type RowPlan, type Run } from '../experiment.js';
import type { Mode } from '../modes.js';
import type { Asked } from '../world/admin.js';
import { issue, type Issued } from '../world/issue.js';
import type { World } from '../world/world.js';

interface Try {
  readonly id: string;
  readonly title: string;
  readonly method: string;
  readonly path: (world: World, issued: Issued) => string;
  readonly asked?: (world: World, issued: Issued) => Asked;
  /** Kinds for which the call has an object; for others it says why not. */
  readonly needs?: (issued: Issued) => string | undefined;
}

const ofUser = ({ userId }: Issued) => (userId === undefined ? 'there is no user behind it' : undefined);

/** In this order: the last ones would end the credential. */
const tries: readonly Try[] = [
  {
    id: 'read-groups',
    title: 'Read a group',
    method: 'GET',
    path: ({ probeGroupId }) => `/api/group/${probeGroupId}`,
  },
  {
    id: 'read-users',
    title: 'Read other users',
    method: 'GET',
    path: () => '/api/user?email=somebody-else@example.com',
  },
  {
    id: 'read-own-user',
    title: 'Read the user behind it',
    method: 'GET',
    path: (_world, { userId = '' }) => `/api/user/${userId}`,
    needs: ofUser,
  },
  { id: 'read-applications', title: 'Read applications', method: 'GET', path: () => '/api/application' },
  {
    id: 'read-tenant',
    title: 'Read the tenant',
    method: 'GET',
    path: ({ realm }) => `/api/tenant/${realm.tenantId}`,
  },
  { id: 'read-keys', title: 'Read API keys', method: 'GET', path: () => `/api/api-key/${randomUUID()}` },
  {
    id: 'read-signing-keys',
    title: 'Read signing keys',
    method: 'GET',
    path: ({ realm }) => `/api/key/${realm.signingKeyId}`,
  },
  {
    id: 'claims',
    title: 'Read the user’s claims',
    method: 'GET',
    path: () => '/oauth2/userinfo',
  },
  {
    id: 'log-in',
    title: 'Log in with it as the password, without an API key',
    method: 'POST',
    path: () => '/api/login',
    needs: ({ secret, email }) =>
      secret === undefined || email === undefined ? 'there is no e-mail to log in with' : undefined,
    asked: ({ realm }, { email, secret }) => ({
      authorization: '',
      body: { loginId: email, password: secret, applicationId: realm.applicationId },
    }),
  },
  {
    id: 'change-own-user',
    title: 'Change the user behind it',
    method: 'PATCH',
    path: (_world, { userId = '' }) => `/api/user/${userId}`,
    asked: () => ({ body: { user: { fullName: 'Somebody else' } } }),
    needs: ofUser,
  },
  {
    id: 'end-session',
    title: 'End the session behind it',
    method: 'DELETE',
    path: (_world, { sessionId = '' }) => `/api/jwt/refresh/${sessionId}`,
    needs: ({ sessionId }) => (sessionId === undefined ? 'there is no session behind it' : undefined),
  },
];

const rows: readonly RowPlan[] = [
  ...tries.map(({ id, title, method }) => ({
    id,
    title,
    how: `${method} at FusionAuth with the credential itself: as the API key that it is, as a bearer token, or the bare secret in the place of a key. Opened means any answer but 401 and 403; 404 too shows that it was let in.`,
  })),
  {
    id: 'opened',
    title: 'Calls opened',
    better: 'lower',
    how: `Of the ${tries.length} calls above.`,
  },
];

/** What else a leaked credential opens at FusionAuth. */
export const blastRadius: Experiment = {
  id: 'blast-radius',
  title: 'Blast radius',
  question: 'What else does a leaked credential open at FusionAuth?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    for (const mode of run.modes) await tryAll(run, world, mode);
  },
};

async function tryAll({ put }: Run, world: World, mode: Mode): Promise<void> {
  const issued = await issue(world, mode.kind);
  const evidence = world.fact(mode.kind === 'api-key' ? '9' : '7', 'D');
  let opened = 0;
  for (const one of tries) {
    const why = one.needs?.(issued);
    if (why !== undefined) {
      put(notApplicable(mode, one.id, why));
      continue;
    }
    const status = await statusFor(world, issued, one);
    const unknown =
      status === 501 ? 'the sandbox does not do this call; --against a FusionAuth tells' : undefined;
    const isOpen = status < 300 || status === 404;
    if (isOpen) opened += 1;
    put({
      mode: mode.id,
      row: one.id,
      evidence,
      ...(unknown === undefined
        ? {
            value: isOpen,
            text: `${isOpen ? 'opened' : 'refused'} (${status})`,
            rating: isOpen ? 'fair' : 'good',
          }
        : { text: 'not known', why: unknown }),
    });
  }
  put({ mode: mode.id, row: 'opened', value: opened, text: String(opened), evidence });
}

async function statusFor(world: World, issued: Issued, one: Try): Promise<number> {
  const { Authorization: header = '' } = issued.headers;
  const usual = header.startsWith('Bearer ') ? header : (issued.secret ?? '');
  const asked = { tenant: world.realm.tenantId, authorization: usual, ...one.asked?.(world, issued) };
  return (await world.admin.ask(one.method, one.path(world, issued), asked)).status;
}
