import { z } from 'zod';
import { commaList, exitCodes, ExitError, option } from '#gatehouse/platform';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandContext } from '../context.js';
import { issuerNames } from '../issuers/index.js';

export const misused = (what: string): ExitError => new ExitError(what, exitCodes.usage);

const clientName = z
  .string('is required')
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'must be at most 40 lower-case letters, digits and dashes (example: calendar-syncer)',
  );
const aboutClient = { about: 'name of the client (example: calendar-syncer)', value: 'NAME' };
const strategyName = z.enum(issuerNames, `must be one of ${issuerNames.join(', ')}`);
const aboutStrategy = { about: `how it authenticates: ${issuerNames.join(', ')}`, value: 'STRATEGY' };

export const clientArg = option(clientName, aboutClient);
export const strategyArg = option(strategyName, aboutStrategy);
export const optionalClientArg = option(clientName.optional(), aboutClient);

/** The roles that a client may have. Only people manage credentials. */
const roles = ['todo-reader', 'todo-writer', 'todo-auditor'] as const;

export const roleNames = () =>
  commaList(z.enum(roles, `must be some of ${roles.join(', ')}`)).refine((list) => list.length > 0, {
    error: 'must name a role',
  });

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
// cspell:ignore smhd
const durationForm = /^(\d{1,5})([smhd])$/;

/** A duration such as 30s, 15m, 24h or 90d, converted to milliseconds. */
export const durationMs = () =>
  z
    .string()
    .regex(durationForm, 'must be a number followed by s, m, h or d (example: 24h)')
    .transform((text) => {
      const [, count, unit = ''] = durationForm.exec(text) ?? [];
      return Number(count) * (unitsMs[unit] ?? 0);
    });

const lifetimeMs = durationMs().refine((milliseconds) => milliseconds > 0, 'must be longer than 0s');

export const expiresArg = option(lifetimeMs.optional(), {
  about: 'how long the new credential is valid (example: 90d)',
  value: 'SPAN',
});

const credentialId = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f-]{4,36}$/, 'must be the id of a credential, or at least four characters of its beginning');

/** The arguments that name a credential: its id, or client and strategy if only one credential matches. */
export const credentialArgs = {
  id: option(credentialId.optional(), { about: 'id of the credential, or its beginning', value: 'ID' }),
  client: optionalClientArg,
  strategy: option(strategyName.optional(), aboutStrategy),
};

type CredentialArgs = z.output<z.ZodObject<typeof credentialArgs>>;

/** Throws an ExitError 2 if a client is named and does not exist. */
export async function requireClient(
  clients: CommandContext['clients'],
  name: string | undefined,
): Promise<void> {
  if (name === undefined || (await clients.byName(name))) return;
  throw misused(`There is no client ${name}. "npm run credentials -- list" shows all.`);
}

/** Tells whether client and strategy may refer to it, which excludes a credential that is being replaced. */
const isCurrent = ({ state, endsAt }: Credential): boolean => state === 'active' && !endsAt;

/**
 * Returns the one credential that has not ended and matches all the arguments. Without an id only those that `counts`
 * are considered. Throws an ExitError 2 if there is none or several.
 */
export async function findCredential(
  { credentials, clients }: CommandContext,
  { id, client, strategy }: CredentialArgs,
  counts: (one: Credential) => boolean = isCurrent,
): Promise<Credential> {
  if (id === undefined && client === undefined)
    throw misused('Name the credential by its id, or by --client and --strategy.');
  if (id === undefined) await requireClient(clients, client);
  const meant = (await credentials.list()).filter(
    (one) =>
      one.id.startsWith(id ?? '') &&
      (strategy ?? one.strategy) === one.strategy &&
      (client ?? one.client.name) === one.client.name,
  );
  const candidates = meant.filter((one) => id !== undefined || counts(one));
  const [only, ...others] = candidates;
  if (only && others.length === 0) return only;
  const ids = (some: readonly Credential[]) => some.map((one) => `${one.id} (${one.strategy}, ${one.state})`);
  throw misused(
    only
      ? `Several credentials match, so name one by its id: ${ids(candidates).join(', ')}.`
      : `No such credential is active${meant.length > 0 ? `; there are ${ids(meant).join(', ')}` : ''}. "npm run credentials -- list" shows all.`,
  );
}
