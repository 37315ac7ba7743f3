import type { Experiment, RowPlan, Run } from '../experiment.js';
import type { Mode } from '../modes.js';
import { statusOf } from '../world/call.js';
import { issue } from '../world/issue.js';
import { openIn } from '../world/open-in.js';

interface Client {
  readonly id: string;
  readonly title: string;
  readonly roles: readonly string[];
}

/** The guide's other clients. */
const clientsOfGuide: readonly Client[] = [
  { id: 'calendar-syncer', title: 'Calendar Syncer', roles: ['todo-reader', 'todo-writer'] },
  { id: 'analytics', title: 'Analytics', roles: ['todo-reader', 'todo-auditor'] },
];

const calls = [
  { id: 'read', title: 'reads its own todos', method: 'GET', path: '/todos', role: 'todo-reader' },
  { id: 'write', title: 'writes its own todos', method: 'POST', path: '/todos', role: 'todo-writer' },
  {
    id: 'everything',
    title: 'reads everybody’s todos',
    method: 'GET',
    path: '/everything',
    role: 'todo-auditor',
  },
] as const;

const rows: readonly RowPlan[] = clientsOfGuide.flatMap(({ id, title, roles }) =>
  calls.map((call) => ({
    id: `${id}/${call.id}`,
    title: `${title} ${call.title}`,
    how: `Both clients call the same API at the same time, each with a credential of its own. ${title} has the roles ${roles.join(' and ')}; the route demands ${call.role}.`,
  })),
);

/** Two clients with roles of their own at one API. */
export const clients: Experiment = {
  id: 'clients',
  title: 'Other clients',
  question: 'Can Calendar Syncer and Analytics have rights of their own at the same API?',
  rows,
  async run(run) {
    await Promise.all(run.modes.map((mode) => callSideBySide(run, mode)));
  },
};

async function callSideBySide({ ground, put }: Run, mode: Mode): Promise<void> {
  const world = await ground.world();
  const issued = await Promise.all(
    clientsOfGuide.map(async (client) => ({
      ...client,
      credential: await issue(world, mode.kind, { roles: client.roles }),
    })),
  );
  // FusionAuth keeps no roles of a key; the Todo API has them in its database.
  const keys = issued.map(({ credential, roles }) => [credential.secret ?? '', roles]);
  const rolesOfKeys = mode.kind === 'api-key' ? (Object.fromEntries(keys) as Record<string, string[]>) : {};
  await ground.withDoors(async (doors) => {
    const { url } = await openIn(world, doors, mode, { rolesOfKeys });
    const tried = issued.flatMap(({ id, roles, credential }) =>
      calls.map(async (call) => {
        const status = await statusOf(url + call.path, credential.headers, call.method);
        const may = status < 300;
        const right = may === roles.includes(call.role) && (may || status === 403);
        const text = `${may ? 'yes' : 'no'} (${status})`;
        put({ mode: mode.id, row: `${id}/${call.id}`, value: may, text, rating: right ? 'good' : 'poor' });
      }),
    );
    await Promise.all(tried);
  });
}
