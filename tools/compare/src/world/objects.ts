import type { Admin } from './admin.js';

/** The kinds of things made in FusionAuth, with the path that deletes one permanently; dependencies come last. */
const paths = {
  webhook: (id: string) => `/api/webhook/${id}`,
  user: (id: string) => `/api/user/${id}?hardDelete=true`,
  'API key': (id: string) => `/api/api-key/${id}`,
  entity: (id: string) => `/api/entity/${id}`,
  group: (id: string) => `/api/group/${id}`,
  application: (id: string) => `/api/application/${id}?hardDelete=true`,
  'entity type': (id: string) => `/api/entity/type/${id}`,
  'user action': (id: string) => `/api/user-action/${id}?hardDelete=true`,
  key: (id: string) => `/api/key/${id}`,
  tenant: (id: string) => `/api/tenant/${id}`,
} as const;

export type Kind = keyof typeof paths;
export const kinds = Object.keys(paths) as [Kind, ...Kind[]];

/** One thing that this program made, or was about to make. */
export interface Made {
  readonly kind: Kind;
  readonly id: string;
  /** The tenant that it is in; undefined for a thing of the whole instance. */
  readonly tenant?: string | undefined;
}

/** Records things before they are made. */
export interface Journal {
  note(made: Made): void;
  /** Returns the things still to be removed, in the order in which they were made. */
  readonly entries: () => readonly Made[];
  forget(made: Made): void;
}

/** A journal in memory, for a FusionAuth that stops with this process. */
export function shortMemory(): Journal {
  const entries = new Map<string, Made>();
  return {
    note: (made) => void entries.set(made.id, made),
    entries: () => [...entries.values()],
    forget: ({ id }) => void entries.delete(id),
  };
}

/**
 * Removes everything in the journal by its id, kind by kind, a few at a time; things that are already gone are skipped.
 * Throws when FusionAuth does not answer; the journal then keeps the rest.
 */
export async function removeAll(admin: Admin, journal: Journal): Promise<void> {
  for (const kind of kinds) {
    const left = journal
      .entries()
      .filter((made) => made.kind === kind)
      .values();
    const remover = async () => {
      for (const made of left) await remove(admin, journal, made);
    };
    await Promise.all(Array.from({ length: 4 }, remover));
  }
}

async function remove(admin: Admin, journal: Journal, made: Made): Promise<void> {
  const path = paths[made.kind](made.id);
  const { status } = await admin.ask('DELETE', path, { tenant: made.tenant });
  // 400 names a tenant that was deleted with everything in it.
  const gone =
    status === 404 || (status === 400 && made.tenant !== undefined && (await isGone(admin, made.tenant)));
  if (status >= 300 && !gone) throw new Error(`the ${made.kind} ${made.id} cannot be removed (${status})`);
  journal.forget(made);
}

const isGone = async (admin: Admin, tenant: string): Promise<boolean> =>
  (await admin.ask('GET', `/api/tenant/${tenant}`)).status === 404;
