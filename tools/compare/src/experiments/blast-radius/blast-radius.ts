import { type Experiment, type Finding, notApplicable, type RowPlan, type Run } from '../../experiment.js';
import type { Mode } from '../../modes.js';
import { openIn, statusOf } from '../../world/apis.js';
import { type Call, calls } from './calls.js';
import { leak, type Leaked, presentations } from './leaked.js';

/** Calls to the API itself, where the credential has one role. */
const atApi = [
  {
    id: 'api-read',
    title: 'At the API: read its own todos, which its role permits',
    method: 'GET',
    path: '/todos',
  },
  {
    id: 'api-write',
    title: 'At the API: write todos, for which it lacks the role',
    method: 'POST',
    path: '/todos',
  },
  {
    id: 'api-read-all',
    title: 'At the API: read everyone’s todos, for which it lacks the role',
    method: 'GET',
    path: '/everything',
  },
] as const;

const rows: readonly RowPlan[] = [
  ...calls.map(({ id, title, method, bare }) => ({
    id,
    title,
    how: bare
      ? `${method} with the credential in the request. Opened means an answer 2xx.`
      : `${method} with every form of Authorization that the credential allows: bare, as Bearer, as Basic. Opened means that one of them was answered 2xx.`,
  })),
  {
    id: 'opened',
    title: 'Calls to FusionAuth that it permits',
    better: 'lower',
    how: `Of ${calls.length} calls.`,
  },
  ...atApi.map(({ id, title, method, path }) => ({
    id,
    title,
    how: `${method} ${path} at the API with a credential that has the role todo-reader.`,
  })),
];

/** Measures the access that a leaked credential gives. */
export const blastRadius: Experiment = {
  id: 'blast-radius',
  title: 'Blast radius',
  question: 'What does a leaked credential give access to, at FusionAuth and at the API?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    // For FusionAuth it makes no difference how the API checks a credential.
    const kinds = [...new Set(run.modes.map(({ kind }) => kind))];
    for (const kind of kinds) {
      const leaked = await leak(world, kind);
      const modes = run.modes.filter((mode) => mode.kind === kind);
      await callApi(run, modes, leaked);
      const outcomes = await callFusionAuth(leaked);
      for (const mode of modes) for (const finding of findingsOf(mode, outcomes, leaked)) run.put(finding);
    }
  },
};

/** The best answer to a call, or the reason why it was not made. */
type Outcome = { readonly call: Call } & ({ readonly status: number } | { readonly why: string });

async function callFusionAuth(leaked: Leaked): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  // In sequence: the last ones revoke the sessions that the others use.
  for (const call of calls) {
    const why = call.without?.(leaked);
    outcomes.push(why === undefined ? { call, status: await bestAnswer(call, leaked) } : { call, why });
  }
  return outcomes;
}

/** Returns the first 2xx that any way to present the credential gets, else the last answer. */
async function bestAnswer(call: Call, leaked: Leaked): Promise<number> {
  const { admin, realm } = leaked.world;
  let status = 0;
  for (const authorization of call.bare ? [''] : presentations(leaked.issued)) {
    const asked = { tenant: realm.tenantId, authorization, ...call.asked?.(leaked) };
    ({ status } = await admin.ask(call.method, call.path(leaked), asked));
    if (isOpened(status)) break;
  }
  return status;
}

const isOpened = (status: number): boolean => status >= 200 && status < 300;

function findingsOf(mode: Mode, outcomes: readonly Outcome[], { world }: Leaked): Finding[] {
  const opened = outcomes.filter((outcome) => 'status' in outcome && isOpened(outcome.status));
  const cells = outcomes.map((outcome): Finding => {
    const { id: row, section } = outcome.call;
    if ('why' in outcome) return notApplicable(mode, row, outcome.why);
    const evidence = world.fact(section, 'D');
    return { mode: mode.id, row, evidence, ...answerCell(outcome.status, 'fair') };
  });
  const names = opened.map(({ call }) => call.id).join(', ');
  const count = {
    mode: mode.id,
    row: 'opened',
    value: opened.length,
    text: [String(opened.length), names].filter(Boolean).join(': '),
    rating: opened.length === 0 ? 'good' : 'fair',
    evidence: world.fact(mode.kind === 'api-key' ? '9' : '2', 'D'),
  } as const;
  return [...cells, count];
}

const answerCell = (status: number, open: 'good' | 'fair' | 'poor') => {
  const value = isOpened(status);
  return {
    value,
    text: `${value ? 'opened' : 'refused'} (${status})`,
    rating: value ? open : 'good',
  } as const;
};

async function callApi(run: Run, modes: readonly Mode[], { world, issued }: Leaked): Promise<void> {
  await run.ground.withApis(async (apis) => {
    for (const mode of modes) {
      const { url } = await openIn(world, apis, mode);
      for (const { id: row, method, path } of atApi) {
        const status = await statusOf(url + path, issued.headers, method);
        const own = row === 'api-read';
        run.put({ mode: mode.id, row, ...answerCell(status, own ? 'good' : 'poor') });
      }
    }
  });
}
