import { commands } from '../../commands/index.js';
import type { Door, OwnVisit, Portal } from '../door.js';
import type { Known } from '../figures/known.js';
import { type Answer, goTo } from '../pages/answer.js';
import { allRoles, issueForm, keyIn, problemsOf, rolesOfNew, type ShowForm, spanOf } from './issue-form.js';

/** Issues a credential: for a new client, or another one for an existing client. */
export function addIssueRoutes({ shown, changing, portal }: Door, known: Known): void {
  const showForm = issueForm(portal.context, known);

  shown('/clients/new', ({ session: { admin } }) => showForm({ isNew: true, admin }));
  changing('/clients/new', (visit) => issueForNew(visit, portal, showForm));

  shown('/clients/:name/issue', async ({ access, params }) => {
    const client = await access.client(params['name'] ?? '');
    access.checkGrant(client.roles);
    return showForm({ client });
  });

  changing('/clients/:name/issue', async (visit) => {
    const { form, access, params } = visit;
    const client = await access.client(params['name'] ?? '');
    access.checkGrant(client.roles);
    const { strategy = '', expires } = form;
    const args = { client: client.name, strategy, ...access.owner, ...spanOf(expires) };
    const problem = problemsOf(args);
    return problem ? showForm({ ...form, client, problem }, 400) : place(visit, portal, args);
  });
}

async function issueForNew(visit: OwnVisit, portal: Portal, showForm: ShowForm): Promise<Answer> {
  const { form, access } = visit;
  const { subject, admin } = access.person;
  const key = keyIn(form);
  if (portal.orders.isPlaced(subject, key)) return goTo(`/orders/${key}`);
  const chosen = allRoles.filter((role) => form[`role-${role}`] === 'on');
  const roles = chosen.length > 0 ? chosen : rolesOfNew;
  access.checkGrant(roles);
  const { name = '', strategy = '', expires } = form;
  const again = { ...form, roles, isNew: true, admin };
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
