import { commands } from '../../commands/index.js';
import type { StrategyFacts } from '../figures/strategy-facts.js';
import { type Answer, goTo } from '../pages/answer.js';
import type { OwnVisit, Portal, Routes } from '../routes.js';
import {
  chosenIn,
  issueFields,
  issueForm,
  keyIn,
  problemsOf,
  rolesOfNew,
  type ShowForm,
  spanOf,
} from './issue-form.js';

/** Issues a credential: for a new client, or another one for an existing client. */
export function addIssueRoutes({ ownPage, change, portal }: Routes, known: StrategyFacts): void {
  const showForm = issueForm(portal.context, known);

  ownPage('/clients/new', ({ access, query }) =>
    showForm({ ...chosenIn(query), isNew: true, admin: access.admin }),
  );
  change('/clients/new', (visit) => issueForNew(visit, portal, showForm), issueFields);

  ownPage('/clients/:name/issue', async ({ access, params, query }) => {
    const client = await access.client(params['name'] ?? '');
    access.checkGrant(client.roles);
    return showForm({ ...chosenIn(query), client });
  });

  change(
    '/clients/:name/issue',
    async (visit) => {
      const { form, access, params } = visit;
      const client = await access.client(params['name'] ?? '');
      access.checkGrant(client.roles);
      const { strategy = '', expires } = chosenIn(form);
      const args = { client: client.name, strategy, ...spanOf(expires) };
      const problem = problemsOf(args);
      return problem ? showForm({ ...chosenIn(form), client, problem }, 400) : place(visit, portal, args);
    },
    issueFields,
  );
}

async function issueForNew(visit: OwnVisit, portal: Portal, showForm: ShowForm): Promise<Answer> {
  const { form, access } = visit;
  const { subject } = access.person;
  const key = keyIn(form);
  if (portal.orders.isPlaced(subject, key)) return goTo(`/orders/${key}`);
  const chosen = chosenIn(form);
  const { name = '', strategy = '', expires, roles = rolesOfNew } = chosen;
  access.checkGrant(roles);
  const again = { ...chosen, isNew: true, admin: access.admin };
  if (await portal.context.clients.byName(name))
    return showForm({ ...again, problem: `The name ${name} is taken: choose another.` }, 409);
  const args = { client: name, strategy, roles: roles.join(','), owner: subject, ...spanOf(expires) };
  const problem = problemsOf(args);
  return problem ? showForm({ ...again, problem }, 400) : place(visit, portal, args);
}

/** Places the order for `npm run credentials -- issue` with these arguments. */
async function place({ access, actor, form }: OwnVisit, portal: Portal, args: object): Promise<Answer> {
  const key = keyIn(form);
  await portal.orders.place(access.person.subject, key, (io) =>
    commands.issue.execute(args, portal.context, { ...io, actor }),
  );
  return goTo(`/orders/${key}`);
}
