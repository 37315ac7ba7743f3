import { type StrategyName, strategyNames } from '#gatehouse/auth';
import { startWorld, type World } from '../support/start-world.js';
import { issuersFor } from './by-roles.js';

type Headers = Readonly<Record<string, string>>;

/** The callers by their roles; `owner` made the todo, `other` did not. */
const principals = {
  owner: ['todo-reader', 'todo-writer'],
  other: ['todo-reader', 'todo-writer'],
  reader: ['todo-reader'],
  auditor: ['todo-auditor'],
  nobody: ['portal-admin'],
} as const;
type Name = keyof typeof principals;

/** The expected status of each route by caller, the same for every strategy. */
const expected: Readonly<Record<string, Readonly<Record<Name, number>>>> = {
  'GET /todos': { owner: 200, other: 200, reader: 200, auditor: 200, nobody: 403 },
  'GET /todos/:id': { owner: 200, other: 404, reader: 404, auditor: 200, nobody: 403 },
  'PATCH /todos/:id': { owner: 200, other: 404, reader: 403, auditor: 403, nobody: 403 },
  'POST /todos': { owner: 201, other: 201, reader: 403, auditor: 403, nobody: 403 },
  'GET /me': { owner: 200, other: 200, reader: 200, auditor: 200, nobody: 200 },
  'DELETE /todos/:id': { owner: 204, other: 404, reader: 403, auditor: 403, nobody: 403 },
};
const bodies: Readonly<Record<string, object>> = {
  'PATCH /todos/:id': { title: 'Changed' },
  'POST /todos': { title: 'Another' },
};

describe('who may do what, by every strategy', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ env: { AUTH_STRATEGY: strategyNames.join(',') } });
  });
  afterAll(() => world.close());

  const issue = async (strategy: StrategyName, name: Name) =>
    (await issuersFor(world)[strategy](principals[name])).headers;

  const call = (headers: Headers, route: string, id: string) => {
    const [method = '', path = ''] = route.split(' ');
    const body = bodies[route];
    return fetch(world.api.url + path.replace(':id', id), {
      method,
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  };

  it.each(strategyNames)('is as declared by %s', async (strategy) => {
    const names = Object.keys(principals) as Name[];
    const headers = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await issue(strategy, name)] as const)),
    ) as Record<Name, Headers>;
    const created = await call(headers.owner, 'POST /todos', '');
    const { id } = (await created.json()) as { id: string };
    const seen: Record<string, Record<string, number>> = {};
    // The owner is last, because the owner's DELETE removes the todo that the others must not reach.
    for (const route of Object.keys(expected)) {
      for (const name of names.toReversed()) {
        const { status } = await call(headers[name], route, id);
        seen[route] = { ...seen[route], [name]: status };
      }
    }
    expect(seen).toEqual(expected);
  });

  it('shows a security scheme for every enabled strategy', async () => {
    const document = (await (await fetch(`${world.api.url}/openapi.json`)).json()) as {
      components: { securitySchemes: Record<string, object> };
      security: object[];
    };
    expect(document.components.securitySchemes).toMatchObject({
      jwt: { type: 'http', scheme: 'bearer' },
      'api-key': { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      'email-token': { type: 'http', scheme: 'basic' },
    });
    expect(document.security).toEqual(strategyNames.map((name) => ({ [name]: [] })));
  });

  it('covers every route that asks for a credential', () => {
    const guarded = world.api.routes
      .filter(({ method, path }) => method !== 'HEAD' && /^\/(todos|me)/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(expected).toSorted()).toEqual(guarded.toSorted());
  });

  it('lists only the caller’s own todos, unless the caller is an auditor', async () => {
    const [owner, other, auditor] = await Promise.all(
      (['owner', 'other', 'auditor'] as const).map((name) => issue('jwt', name)),
    );
    await call(owner ?? {}, 'POST /todos', '');
    const count = async (headers: Headers | undefined) => {
      const page = (await (await call(headers ?? {}, 'GET /todos', '')).json()) as { items: unknown[] };
      return page.items.length;
    };
    expect(await count(other)).toBe(0);
    expect(await count(owner)).toBe(1);
    expect(await count(auditor)).toBeGreaterThan(1);
  });
});
