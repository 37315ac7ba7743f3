import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TodoPage } from '#gatehouse/todo-contract';
import { type CallCounter, countCalls } from '../../dev-center/call-counter.js';
import type { Experiment, RowPlan, Run } from '../../experiment.js';
import { type CredentialKind, type Mode, modes } from '../../modes.js';
import { statusOf } from '../../world/apis.js';
import { issue } from '../../world/issue.js';
import type { World } from '../../world/world.js';
import { everyStrategy, openSite, type Site } from './todo-api.js';

interface ClientOfGuide {
  readonly id: string;
  readonly title: string;
  readonly roles: readonly string[];
  /** Whether it works on a person's todos; otherwise on its own. */
  readonly forPerson: boolean;
}

/** The guide's other clients, with the roles of the kickstart file. */
const calendarSyncer: ClientOfGuide = {
  id: 'calendar-syncer',
  title: 'Calendar Syncer',
  roles: ['todo-reader', 'todo-writer'],
  forPerson: true,
};
const analytics: ClientOfGuide = {
  id: 'analytics',
  title: 'Analytics',
  roles: ['todo-reader', 'todo-auditor'],
  forPerson: false,
};

/** The mode of Analytics while Calendar Syncer uses the mode of the column: another strategy. */
export const neighbour: Readonly<Record<CredentialKind, CredentialKind>> = {
  'user-token': 'api-key',
  'api-key': 'email-token',
  'machine-token': 'email-token',
  'email-token': 'user-token',
};

const requests = [
  { id: 'read', title: 'reads its own todos', method: 'GET', path: '/todos?owner=me' },
  { id: 'write', title: 'writes a todo', method: 'POST', path: '/todos' },
  { id: 'read-all', title: 'reads everyone’s', method: 'GET', path: '/todos?owner=everyone' },
] as const;

const about = `One Todo API with AUTH_STRATEGY=${everyStrategy}; both clients have a credential from the Dev Center`;

const rows: readonly RowPlan[] = [calendarSyncer, analytics].flatMap(({ id, title, roles, forPerson }) => {
  const works = `${title} has the roles ${roles.join(' and ')} and works on ${forPerson ? 'the todos of a person, Ada' : 'its own todos'}.`;
  return [
    { id: `${id}/by`, title: `${title} authenticates by`, how: `${about}, each with its own strategy.` },
    ...requests.map((request) => ({
      id: `${id}/${request.id}`,
      title: `${title} ${request.title}`,
      how: `${request.method} ${request.path}. ${works}`,
    })),
    {
      id: `${id}/sees`,
      title: `${title} sees the todos of`,
      how: `The owners in the answer to GET /todos. ${works}`,
    },
    {
      id: `${id}/calls`,
      title: `${title}: calls to FusionAuth`,
      better: 'lower' as const,
      how: 'The API’s calls to FusionAuth during these four requests, with the default cache time.',
    },
  ];
});

/** Runs two clients with their own rights and strategies at one API. */
export const clients: Experiment = {
  id: 'clients',
  title: 'Other clients',
  question: 'Can Calendar Syncer and Analytics call the same API side by side, each in its own way?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    const counter = await countCalls(world.admin.url);
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-'));
    try {
      const place = { world, counter, dataDir, people: await newPeople(world) };
      for (const group of byCheck(run.modes)) await atOneApi(run, group, place);
    } finally {
      await counter.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly world: World;
  readonly counter: CallCounter;
  /** The directory of the todos, which outlives an API. */
  readonly dataDir: string;
  readonly people: readonly Person[];
}

async function atOneApi(run: Run, group: readonly Mode[], place: Place): Promise<void> {
  const [mode] = group;
  if (!mode) return;
  const { world, counter, dataDir, people } = place;
  const site = await openSite({ world, counter, mode, dataDir, template: run.ground.databaseTemplate });
  try {
    await writeTodos(site, people);
    for (const one of group) await sideBySide(run, one, { site, ...place });
  } finally {
    await site.close();
  }
}

/** Groups the modes that one API can serve together: those whose tokens are checked in the same way. */
export function byCheck(chosen: readonly Mode[]): readonly (readonly Mode[])[] {
  const groups = Map.groupBy(chosen, ({ environment: { AUTH_STRATEGY: _strategy, ...check } }) => {
    const { JWT_VALIDATION = 'local', ...others } = check;
    return JSON.stringify({ JWT_VALIDATION, ...others });
  });
  return [...groups.values()];
}

interface Person {
  readonly name: string;
  readonly email: string;
  readonly headers: Readonly<Record<string, string>>;
}

const newPeople = (world: World): Promise<readonly Person[]> =>
  Promise.all(
    ['Ada', 'Bruno'].map(async (name) => {
      const email = `${name.toLowerCase()}-${randomUUID()}@example.com`;
      const { headers } = await issue(world, 'user-token', { email, roles: calendarSyncer.roles });
      return { name, email, headers };
    }),
  );

const newTodo = (title: string) => ({ method: 'POST', body: JSON.stringify({ title }) });
const asJson = { 'content-type': 'application/json' };

async function writeTodos({ url }: Site, people: readonly Person[]): Promise<void> {
  for (const { name, headers } of people) {
    const answer = await fetch(`${url}/todos`, {
      headers: { ...headers, ...asJson },
      ...newTodo(`A todo of ${name}`),
    });
    if (answer.status !== 201) throw new Error(`a todo of ${name} was answered ${answer.status}`);
  }
}

/** Runs both clients. Their credentials are made first, so that both are valid at the same time. */
async function sideBySide(
  { put }: Run,
  mode: Mode,
  { site, counter, people }: Place & { readonly site: Site },
): Promise<void> {
  const [ada] = people;
  const pairs = [
    { client: calendarSyncer, kind: mode.kind, by: mode.title },
    { client: analytics, kind: neighbour[mode.kind], by: titleOf(neighbour[mode.kind]) },
  ];
  const ready = await Promise.all(
    pairs.map(async ({ client, kind, by }) => {
      const owner = client.forPerson && ada ? { owner: ada.email } : {};
      const holder = await site.issue(kind, { name: client.id, roles: client.roles, ...owner });
      return { client, by, holder, headers: await holder.headers() };
    }),
  );
  for (const { client, by, headers } of ready) {
    counter.take();
    const row = (id: string) => ({ mode: mode.id, row: `${client.id}/${id}` });
    for (const { id, method, path } of requests) {
      const status = await ask(site.url + path, method, headers);
      const value = status < 300;
      put({ ...row(id), value, text: `${value ? 'yes' : 'no'} (${status})` });
    }
    const owners = await ownersSeen(site.url, headers, people);
    const calls = counter.take().length;
    put({ ...row('by'), value: by, text: by });
    put({ ...row('sees'), value: owners, text: owners });
    put({ ...row('calls'), value: calls, text: String(calls) });
  }
  await Promise.all(ready.map(({ holder }) => holder.close()));
}

const titleOf = (kind: CredentialKind): string => modes.find((mode) => mode.kind === kind)?.title ?? kind;

async function ask(url: string, method: string, headers: Readonly<Record<string, string>>): Promise<number> {
  if (method === 'GET') return statusOf(url, headers);
  const answer = await fetch(url, { headers: { ...headers, ...asJson }, ...newTodo('A todo of a client') });
  await answer.arrayBuffer();
  return answer.status;
}

/** Returns the names of the owners of the todos that a client sees. */
async function ownersSeen(
  url: string,
  headers: Readonly<Record<string, string>>,
  people: readonly Person[],
): Promise<string> {
  const answer = await fetch(`${url}/todos?limit=1000`, { headers });
  const { items } = (await answer.json()) as TodoPage;
  const emails = new Set(items.map(({ owner }) => owner.email));
  return (
    people
      .filter(({ email }) => emails.has(email))
      .map(({ name }) => name)
      .join(', ') || 'nobody'
  );
}
