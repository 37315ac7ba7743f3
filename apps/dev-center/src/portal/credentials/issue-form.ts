import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { commands } from '../../commands/index.js';
import type { CommandContext } from '../../context.js';
import { issuerNames, issuers } from '../../issuers/index.js';
import type { StrategyFacts } from '../figures/strategy-facts.js';
import { tradeOffs } from '../figures/trade-offs.js';
import { type Answer, page } from '../pages/answer.js';
import { PageProblem } from '../pages/page-problem.js';
import type { OwnVisit } from '../routes.js';

/** Values of `--expires` in forms; the first means no expiry. */
export const lifetimes = ['', '7d', '30d', '90d', '365d'];
const allRoles = ['todo-reader', 'todo-writer', 'todo-auditor'];
export const rolesOfNew = ['todo-reader', 'todo-writer'];

/** The fields that a person fills in. */
export const issueFields = ['name', 'strategy', 'expires', ...allRoles.map((role) => `role-${role}`)];

/** Returns what a person has chosen, from a form that was sent or from a query. */
export function chosenIn(fields: Readonly<Record<string, unknown>>) {
  const chosen: { name?: string; strategy?: string; expires?: string; roles?: readonly string[] } = {};
  for (const name of ['name', 'strategy', 'expires'] as const) {
    const value = fields[name];
    if (typeof value === 'string') chosen[name] = value;
  }
  const roles = allRoles.filter((role) => fields[`role-${role}`] === 'on');
  return roles.length > 0 ? { ...chosen, roles } : chosen;
}

/** Shows the form with these values, possibly for an existing client, or with what is wrong with them. */
export type ShowForm = (values: object, status?: number) => Promise<Answer>;

export function issueForm({ config }: CommandContext, { record, strategiesOn }: StrategyFacts): ShowForm {
  return async (values, status) => {
    const on = await strategiesOn();
    const strategies = issuerNames.map((name) => ({
      name,
      ...issuers[name],
      on: on?.includes(issuers[name].strategy) ?? true,
      lines: tradeOffs(record(), name, config.JWT_VALIDATION),
    }));
    const first = strategies.find((one) => one.on)?.name;
    const shown = { strategy: first, expires: '90d', ...values, key: randomUUID() };
    const data = { values: shown, strategies, lifetimes, allRoles, rolesOfNew };
    return page('issue', 'Issue a credential', data, status);
  };
}

const orderKey = z.uuid();

/** Returns the key that identifies the order of a form. Throws a PageProblem 400 for a form without one. */
export function keyIn(form: OwnVisit['form']): string {
  const key = orderKey.safeParse(form['key']);
  if (key.success) return key.data;
  throw new PageProblem(400, 'That does not work', 'The form is incomplete: open its page again.');
}

/** Returns the arguments for the validity of a credential, from the form. */
export const spanOf = (expires = ''): { readonly expires?: string } => (expires === '' ? {} : { expires });

/** The fields of the form, by the arguments of the command. */
const fields: Readonly<Record<string, string>> = { client: 'The name', expires: 'The time it is valid for' };

/** Returns the command's own message about invalid arguments, or undefined if they are valid. */
export function problemsOf(args: object): string | undefined {
  const read = z.object(commands.issue.args).safeParse(args);
  const problems = read.error?.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${fields[name] ?? name} ${message}`;
  });
  return problems?.join('\n');
}
