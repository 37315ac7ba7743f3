import { z } from 'zod';
import { FusionAuthDeclined, FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { FusionAuthControl } from '#gatehouse/fusionauth/control';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { type Center, controlWith } from '../center.js';
import type { DevCenterConfig } from '../config.js';
import { apiKeyPart, bootstrapKeyPart, managerKeyPart } from '../provision/keys.js';
import { type Mendable, type Part, see } from '../provision/part.js';
import { setupParts } from '../provision/parts.js';
import { readWanted } from '../provision/wanted.js';
import { explained } from '../run-command.js';
import { command } from './command.js';

export interface Provisioned {
  readonly dryRun: boolean;
  readonly changes: readonly { readonly part: string; readonly text: string; readonly done: boolean }[];
  /** What no program can change, and what could not be looked at. */
  readonly notes: readonly string[];
  readonly ok: boolean;
}

export const provisionCommand = command({
  usage: '[--dry-run] [--json]',
  about: 'shows how FusionAuth differs from what is needed, and makes it so',
  options: { 'dry-run': { type: 'boolean', about: 'only shows; exit 1 where something differs' } },
  schema: z.object({ 'dry-run': z.boolean().default(false) }),
  withoutDatabase: true,
  run: ({ 'dry-run': dryRun }, center) => provision(center, dryRun),
  show: shown,
  // Differences are what a scheduled --dry-run looks for.
  exitCode: ({ ok, dryRun, changes }) =>
    ok && !(dryRun && changes.length > 0) ? exitCodes.done : exitCodes.workHeld,
});

/** A line for each part, one for each thing that is left for a human, and what to do next. */
function shown({ changes, notes, dryRun, ok }: Provisioned): string {
  const parts = new Set(changes.map(({ part }) => part));
  const textsOf = (name: string) => changes.filter(({ part }) => part === name).map(({ text }) => text);
  return [
    ...[...parts].map((part) => `${dryRun ? '-' : '✓'} ${part}: ${textsOf(part).join('; ')}`),
    ...notes.map((note) => `! ${note}`),
    ...(changes.length === 0 ? ['Nothing to change.'] : []),
    next(dryRun && changes.length > 0, ok),
  ].join('\n');
}

function next(differs: boolean, ok: boolean): string {
  if (differs) return 'Nothing was changed. Next: run it without --dry-run.';
  if (!ok) return 'Next: see to what is marked !, and provision again.';
  return (
    'Next: start the Todo API with the same FUSIONAUTH_* settings (npm run todo-api), and give each client a ' +
    'credential (npm run credentials -- issue --help).'
  );
}

/** Looks at everything, then applies change by change. Interrupted anywhere, the next run goes on: it looks again. */
export async function provision(center: Center, dryRun: boolean): Promise<Provisioned> {
  const { parts, notes: about } = await partsFor(center);
  const seen = await Promise.all(parts.map(async (part) => ({ part: part.name, ...(await see(part)) })));
  const all = seen.flatMap((one) =>
    one.kind === 'seen' ? one.changes.map((change) => ({ part: one.part, ...change })) : [],
  );
  const byHand = all.filter((change) => !change.apply).map(({ part, text }) => `${part} ${text}`);
  const mendable = all.flatMap((change) => (change.apply ? [change] : []));
  // Whatever is left is for the key that may do everything: nothing but itself may be outstanding when it goes.
  const isLeft = byHand.length > 0 || seen.some(({ kind }) => kind !== 'seen');
  const kept = mendable.filter(({ last }) => isLeft && last);
  const pending = mendable.filter((change) => !kept.includes(change));
  const changes = dryRun
    ? pending.map(({ part, text }) => ({ part, text, done: false }))
    : await applied(pending);
  const staying = kept.map(
    ({ part }) => `${part} stays while anything is left: provision again, or delete it in Settings, API Keys`,
  );
  const notes = [...byHand, ...about, ...unseen(seen), ...staying];
  return { dryRun, changes, notes, ok: byHand.length === 0 };
}

/** In order, since the later ones may need the earlier ones. Throws with what has been done until then. */
async function applied(
  pending: readonly (Mendable & { readonly part: string })[],
): Promise<Provisioned['changes']> {
  const changes: { part: string; text: string; done: boolean }[] = [];
  for (const { part, done, apply } of pending) {
    await apply().catch((error: unknown) => {
      const before = changes.map((change) => `${change.part}: ${change.text}`).join('; ');
      throw explained(
        error,
        `Done before that: ${before || 'nothing'}. The next run looks again and goes on.`,
      );
    });
    changes.push({ part, text: done, done: true });
  }
  return changes;
}

async function partsFor({ config, data }: Center): Promise<{ parts: Part[]; notes: string[] }> {
  const wanted = await readWanted(config);
  const { control, notes } = await strongestKey(config);
  const parts = [
    ...setupParts(wanted, { control, data, config }),
    apiKeyPart(config, wanted, control),
    managerKeyPart(config, wanted),
    ...(config.FUSIONAUTH_BOOTSTRAP_KEY && notes.length === 0 ? [bootstrapKeyPart(config, control)] : []),
  ];
  return { parts, notes };
}

/** The key of the whole instance where it is still one, else the manager's. Throws when FusionAuth takes neither. */
async function strongestKey(
  config: DevCenterConfig,
): Promise<{ control: FusionAuthControl; notes: string[] }> {
  const { FUSIONAUTH_BOOTSTRAP_KEY: bootstrap, FUSIONAUTH_MANAGER_KEY: manager } = config;
  const byManager = () => controlWith(config, 'FUSIONAUTH_MANAGER_KEY', manager);
  const control = bootstrap ? controlWith(config, 'FUSIONAUTH_BOOTSTRAP_KEY', bootstrap) : byManager();
  try {
    if (!(await control.setup.tenant.read())) throw noTenant(config);
    return { control, notes: [] };
  } catch (error) {
    // What FusionAuth says to a tenant that it does not know.
    if (error instanceof FusionAuthDeclined) throw noTenant(config);
    if (!(error instanceof FusionAuthRefusedUs) || !bootstrap || !manager) throw error;
    return {
      control: byManager(),
      notes: ['FUSIONAUTH_BOOTSTRAP_KEY is no key of FusionAuth any more: unset it'],
    };
  }
}

const noTenant = ({ FUSIONAUTH_TENANT_ID: id }: DevCenterConfig): ExitError =>
  new ExitError(
    `FusionAuth has no tenant ${id}: set FUSIONAUTH_TENANT_ID to the id that its page Tenants shows.`,
    exitCodes.badConfiguration,
  );

function unseen(seen: readonly { part: string; kind: string; permission?: string }[]): string[] {
  const named = (kind: string) => seen.filter((one) => one.kind === kind).map(({ part }) => part);
  const [hidden, unlicensed] = [named('hidden'), named('unlicensed')];
  return [
    ...(hidden.length > 0
      ? [
          `not looked at, since the key of one tenant may not: ${hidden.join(', ')} (FUSIONAUTH_BOOTSTRAP_KEY may)`,
        ]
      : []),
    ...(unlicensed.length > 0
      ? [
          `skipped, since this FusionAuth has no licence for entities (not_licensed): ${unlicensed.join(', ')}; client-credentials need them`,
        ]
      : []),
  ];
}
