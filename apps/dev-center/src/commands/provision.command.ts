import { FusionAuthDeclined, FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { FusionAuthControl } from '#gatehouse/fusionauth/control';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { z } from 'zod';
import { controlWith, type Center } from '../center.js';
import type { DevCenterConfig } from '../config.js';
import { apiKeyPart, bootstrapKeyPart, managerKeyPart } from '../provision/keys.js';
import { see, type Part } from '../provision/part.js';
import { setupParts } from '../provision/parts.js';
import { readWanted } from '../provision/wanted.js';
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
  options: { 'dry-run': { type: 'boolean', about: 'only shows' } },
  schema: z.object({ 'dry-run': z.boolean().default(false) }),
  withoutDatabase: true,
  run: ({ 'dry-run': dryRun }, center, { tell }) => provision(center, dryRun, tell),
  show: ({ changes, notes, dryRun }) =>
    [
      ...changes.map(({ part, text, done }) => `${done ? '✓' : '-'} ${part} ${text}`),
      ...notes.map((note) => `! ${note}`),
      changes.length === 0 ? 'Nothing to change.' : dryRun ? 'Nothing was changed (--dry-run).' : 'Done.',
    ].join('\n'),
  exitCode: ({ ok }) => (ok ? exitCodes.done : exitCodes.workHeld),
});

/** Looks at everything, then applies change by change. Interrupted anywhere, the next run goes on: it looks again. */
export async function provision(
  center: Center,
  dryRun: boolean,
  tell: (text: string) => void,
): Promise<Provisioned> {
  const { parts, notes: about } = await partsFor(center);
  const seen = await Promise.all(parts.map(async (part) => ({ part: part.name, ...(await see(part)) })));
  const all = seen.flatMap((one) =>
    one.kind === 'seen' ? one.changes.map((change) => ({ part: one.part, ...change })) : [],
  );
  const byHand = all
    .filter((change) => change.apply === undefined)
    .map(({ part, text }) => `${part} ${text}`);
  // Whatever is left is for the key that may do everything: nothing but itself may be outstanding when it goes.
  const isLeft = byHand.length > 0 || seen.some(({ kind }) => kind !== 'seen');
  const kept = all.filter((change) => isLeft && change.last && change.apply);
  const pending = all.filter((change) => change.apply !== undefined && !kept.includes(change));
  for (const { part, text } of pending) tell(`${part} ${text}`);
  const changes = [];
  for (const { part, text, apply } of pending) {
    if (!dryRun) await apply?.();
    changes.push({ part, text, done: !dryRun });
  }
  const staying = kept.map(
    ({ part }) => `${part} stays while anything is left: provision again, or delete it in Settings, API Keys`,
  );
  const notes = [...byHand, ...about, ...unseen(seen), ...staying];
  return { dryRun, changes, notes, ok: byHand.length === 0 };
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
