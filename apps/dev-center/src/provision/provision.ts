import { FusionAuthDeclined, FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import type { FusionAuthControl } from '#gatehouse/fusionauth/control';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { asExitError } from '../commands/command.js';
import type { DevCenterConfig } from '../config.js';
import { controlWith, type FusionAuthContext, strongestControl } from '../context.js';
import { apiKeyPart, bootstrapKeyPart, managerKeyPart } from './keys.js';
import { type Change, type FixableChange, type Part, type SetUp, setupParts } from './parts.js';
import { readWanted } from './wanted.js';
import { eventsPart, type WebhookFacts, webhookFacts, webhookParts } from './webhooks.js';

export interface Provisioned extends WebhookFacts {
  readonly dryRun: boolean;
  readonly changes: readonly { readonly part: string; readonly text: string; readonly done: boolean }[];
  /** Findings that no program can correct, and parts that could not be checked. */
  readonly notes: readonly string[];
  readonly ok: boolean;
}

type PartChange = Change & { readonly part: string };

/**
 * Compares everything, then applies one change after the other. After an interruption the next run compares again and
 * continues.
 */
export async function provision(context: FusionAuthContext, dryRun: boolean): Promise<Provisioned> {
  const { config, data } = context;
  const { control, notes: aboutKeys } = await acceptedControl(config);
  const setUp = { config, data, control, wanted: await readWanted(config) };
  const parts = [
    ...setupParts(setUp),
    eventsPart(setUp),
    ...webhookParts(setUp),
    apiKeyPart(setUp),
    managerKeyPart(setUp),
  ];
  if (config.FUSIONAUTH_BOOTSTRAP_KEY && aboutKeys.length === 0) parts.push(bootstrapKeyPart(setUp));
  const looks = await Promise.all(parts.map(lookAt));
  const all = looks.flatMap(({ changes }) => changes);
  const byHand = all.filter(({ apply }) => !apply).map(({ part, text }) => `${part} ${text}`);
  const fixable = all.filter((change): change is FixableChange & PartChange => change.apply !== undefined);
  // The key with all permissions is removed last, when nothing is left for it to do.
  const isLeft = byHand.length > 0 || looks.some(({ unseen }) => unseen !== undefined);
  const notRemoved = fixable.filter(({ last }) => isLeft && last);
  const pending = fixable.filter((change) => !notRemoved.includes(change));
  const { changes, facts } = dryRun
    ? {
        changes: pending.map(({ part, text }) => ({ part, text, done: false })),
        facts: await webhookFacts(setUp),
      }
    : await carriedOut(pending, setUp);
  const remaining = notRemoved.map(
    ({ part }) =>
      `${part} stays while anything is left to do: provision again, or delete it in Settings, API Keys`,
  );
  const notes = [...byHand, ...aboutKeys, ...notesOnUnseen(looks), ...remaining];
  return { dryRun, changes, notes, ok: byHand.length === 0, ...facts };
}

interface Look {
  readonly part: string;
  readonly changes: readonly PartChange[];
  /** Why the part could not be checked: the key may not read it, or this FusionAuth's plan does not include it. */
  readonly unseen?: 'hidden' | 'unlicensed';
}

async function lookAt({ name: part, look }: Part): Promise<Look> {
  try {
    return { part, changes: (await look()).map((change) => ({ part, ...change })) };
  } catch (error) {
    if (error instanceof FusionAuthRefusedUs) return { part, changes: [], unseen: 'hidden' };
    if (error instanceof FusionAuthDeclined && error.notLicensed)
      return { part, changes: [], unseen: 'unlicensed' };
    throw error;
  }
}

function notesOnUnseen(looks: readonly Look[]): string[] {
  const named = (why: Look['unseen']) =>
    looks
      .filter(({ unseen }) => unseen === why)
      .map(({ part }) => part)
      .join(', ');
  const [hidden, unlicensed] = [named('hidden'), named('unlicensed')];
  const notes: string[] = [];
  if (hidden) {
    notes.push(
      `not checked, because the key of one tenant may not read it: ${hidden} (FUSIONAUTH_BOOTSTRAP_KEY may)`,
    );
  }
  if (unlicensed) {
    notes.push(
      `skipped, because this FusionAuth has no licence for entities (not_licensed): ${unlicensed}; client-credentials need them`,
    );
  }
  return notes;
}

type Pending = readonly (FixableChange & { readonly part: string })[];

/** Applies all changes, and reads the facts while the key that is removed last can still read them. */
async function carriedOut(pending: Pending, setUp: SetUp) {
  const before = await applied(pending.filter(({ last }) => !last));
  const facts = await webhookFacts(setUp).catch(failedAfter(before));
  const changes = await applied(
    pending.filter(({ last }) => last),
    before,
  );
  return { changes, facts };
}

/** Applies changes in order, because later ones may need earlier ones. An error says what was done before it. */
async function applied(
  pending: Pending,
  before: Provisioned['changes'] = [],
): Promise<Provisioned['changes']> {
  const changes = [...before];
  for (const { part, done, apply } of pending) {
    await apply().catch(failedAfter(changes));
    changes.push({ part, text: done, done: true });
  }
  return changes;
}

const failedAfter =
  (changes: Provisioned['changes']) =>
  (error: unknown): never => {
    const before = changes.map(({ part, text }) => `${part}: ${text}`).join('; ') || 'nothing';
    throw asExitError(error, `Done before that: ${before}. The next run continues.`);
  };

/**
 * Returns FusionAuth's control API with the strongest key that it accepts. Throws if it accepts none, or the tenant
 * does not exist.
 */
async function acceptedControl(
  config: DevCenterConfig,
): Promise<{ control: FusionAuthControl; notes: string[] }> {
  const { FUSIONAUTH_BOOTSTRAP_KEY: bootstrap, FUSIONAUTH_MANAGER_KEY: manager } = config;
  const control = strongestControl(config);
  try {
    if (!(await control.setup.tenant.read())) throw noTenant(config);
    return { control, notes: [] };
  } catch (error) {
    // FusionAuth's answer for a tenant that does not exist.
    if (error instanceof FusionAuthDeclined) throw noTenant(config);
    if (!(error instanceof FusionAuthRefusedUs) || !bootstrap || !manager) throw error;
    return {
      control: controlWith(config, 'FUSIONAUTH_MANAGER_KEY'),
      notes: ['FUSIONAUTH_BOOTSTRAP_KEY no longer exists in FusionAuth: unset it'],
    };
  }
}

const noTenant = ({ FUSIONAUTH_TENANT_ID: id }: DevCenterConfig): ExitError =>
  new ExitError(
    `FusionAuth has no tenant ${id}: set FUSIONAUTH_TENANT_ID to the id that its page Tenants shows.`,
    exitCodes.badConfiguration,
  );
