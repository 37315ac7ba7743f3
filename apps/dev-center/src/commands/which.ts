import { z } from 'zod';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Center } from '../center.js';
import type { Credential } from '../clients/credential.repository.js';
import { issuerNames } from '../issuers/index.js';

export const clientName = () =>
  z
    .string('is required: the name of the client (example: calendar-syncer)')
    .regex(
      /^[a-z0-9][a-z0-9-]{0,39}$/,
      'must be at most 40 small letters, digits and dashes (example: calendar-syncer)',
    );
export const issuerName = () =>
  z.enum(issuerNames, {
    error: ({ input }) =>
      `${input === undefined ? 'is required:' : 'must be'} one of ${issuerNames.join(', ')}`,
  });

/** How a command names a credential: by its id, or by client and strategy where that is enough. */
export const whichOptions = {
  client: { type: 'string', about: 'name of the client' },
  strategy: { type: 'string', about: `how it authenticates: ${issuerNames.join(', ')}` },
} as const;

export const which = {
  id: z
    .string()
    .toLowerCase()
    .regex(
      /^[0-9a-f-]{4,36}$/,
      'must be the id of a credential, or at least four characters of its beginning',
    )
    .optional(),
  client: clientName().optional(),
  strategy: issuerName().optional(),
};

type Which = z.output<z.ZodObject<typeof which>>;

/** By client and strategy, what is on its way out is not meant. */
const current = ({ state, endsAt }: Credential): boolean => state === 'active' && !endsAt;

/**
 * The one credential that is meant and has not ended; everything that is said of it has to fit. `counts` tells which of
 * a client's can be meant without their id. Throws an ExitError 2 when it is none or several.
 */
export async function findOne(
  center: Center,
  { id, client, strategy }: Which,
  counts: (one: Credential) => boolean = current,
): Promise<Credential> {
  if (id === undefined && client === undefined)
    throw misused('Name the credential by its id, or by --client and --strategy.');
  const known = id === undefined ? await ofClient(center, client ?? '') : await byId(center, id);
  const meant = known.filter(
    (one) => (strategy ?? one.strategy) === one.strategy && (client ?? one.client.name) === one.client.name,
  );
  const inForce = meant.filter((one) => id !== undefined || counts(one));
  const [only, ...others] = inForce;
  if (only && others.length === 0) return only;
  const ids = (some: readonly Credential[]) => some.map((one) => `${one.id} (${one.strategy}, ${one.state})`);
  throw misused(
    only
      ? `Several credentials are meant, so name one by its id: ${ids(inForce).join(', ')}.`
      : `No such credential is in force${meant.length > 0 ? `; there are ${ids(meant).join(', ')}` : ''}. "npm run credentials -- list" shows all.`,
  );
}

async function ofClient({ store }: Center, name: string): Promise<Credential[]> {
  const client = await store().clients.byName(name);
  if (!client) throw misused(`There is no client ${name}. "npm run credentials -- list" shows all.`);
  return store().credentials.list({ clientId: client.id });
}

const byId = async ({ store }: Center, id: string): Promise<Credential[]> =>
  (await store().credentials.list()).filter((one) => one.id.startsWith(id));

export const misused = (what: string): ExitError => new ExitError(what, exitCodes.usage);
