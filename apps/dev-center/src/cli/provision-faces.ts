import { exitCodes } from '#gatehouse/platform';
import { commands } from '../commands/index.js';
import type { Provisioned } from '../provision/provision.js';
import { face, type Faces } from './faces.js';

/** The single command of `npm run provision`. */
export const provisionFaces: Faces = {
  provision: face({
    command: commands.provision,
    usage: '[--dry-run] [--json]',
    about: 'shows how FusionAuth differs from the required configuration, and changes it',
    show: showProvisioned,
    // A scheduled --dry-run looks for differences.
    exitCode: ({ ok, dryRun, changes }) =>
      ok && !(dryRun && changes.length > 0) ? exitCodes.done : exitCodes.workHeld,
  }),
};

/** Returns a line for each part, one for each task that an operator must do, and the next step. */
function showProvisioned({ changes, notes, dryRun, ok, settings, transactions }: Provisioned): string {
  const parts = new Set(changes.map(({ part }) => part));
  const textsOf = (name: string) => changes.filter(({ part }) => part === name).map(({ text }) => text);
  return [
    ...[...parts].map((part) => `${dryRun ? '-' : '✓'} ${part}: ${textsOf(part).join('; ')}`),
    ...notes.map((note) => `! ${note}`),
    ...(changes.length === 0 ? ['Nothing to change.'] : []),
    ...showTransactions(transactions),
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    nextStep(dryRun && changes.length > 0, ok),
  ].join('\n');
}

/** Describes in one line how events are sent, and what that means. */
function showTransactions(transactions: Provisioned['transactions']): string[] {
  const types = [...new Set(Object.values(transactions))].sort();
  if (types.length === 0) return [];
  const meaning = (type: string) =>
    type === 'None'
      ? 'sent once and lost on failure; reconciliation finds lost ones'
      : 'while too few receivers succeed, FusionAuth refuses the change itself, including locks and deletions';
  const each = types.map((type) => {
    const events = Object.keys(transactions).filter((event) => transactions[event] === type);
    return `${type} (${meaning(type)}): ${events.join(', ')}`;
  });
  return [`Transaction types of events: ${each.join('; ')}; for user.action, each action has its own.`];
}

function nextStep(differs: boolean, ok: boolean): string {
  if (differs) return 'Nothing was changed. Next: run it without --dry-run.';
  if (!ok) return 'Next: fix what is marked !, then run it again.';
  return (
    'Next: start the Todo API with the same FUSIONAUTH_* settings (npm run todo-api), and give each client a ' +
    'credential (npm run credentials -- issue --help).'
  );
}
