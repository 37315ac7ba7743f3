import { z } from 'zod';
import { namedTenant } from '../access/tenant.js';
import { invalidField } from '../answer.js';
import { readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { Operation } from '../operations/operation.js';
import { resourceOperations } from '../operations/resource.js';
import type { StoredRecord } from '../state/state.js';
import { checkFields } from './check-fields.js';
import { isShipped, keyOf, type Kind } from './kinds.js';

type Item = StoredRecord['item'] & { id: string; insertInstant: number; tenantId?: string };

/** Returns the operations on one kind of thing that affects no token. */
export const storedOperationsOn = (kind: Kind): Operation[] =>
  resourceOperations<Item, typeof anything>({
    ...kind,
    fields: anything,
    retrieval: kind.unlisted ? 'one' : 'all',
    all: (request, instance) => visible(kind, request, instance),
    taken: ({ state }) => ({ has: (id) => state.kept.has(keyOf(kind, id)) }),
    save: ({ request, instance, existing, stamps }, sent) => {
      if (existing) requireChangeable(kind, existing);
      const item: Item = { ...(existing ? sent : source(kind, request, instance, sent)), ...stamps };
      checkFields(kind, item, item.id, instance);
      const key = keyOf(kind, item.id);
      instance.state.kept.set(key, { id: key, path: kind.path, item });
      return item;
    },
    remove: ({ instance }, existing) => {
      requireChangeable(kind, existing);
      instance.state.kept.delete(keyOf(kind, existing.id));
    },
  });

const anything = z.looseObject({});

/** Returns all things of a kind that a request may see, oldest first. One without a tenant belongs to every tenant. */
function visible(kind: Kind, request: ApiRequest, instance: Instance): Item[] {
  const tenantId = namedTenant(request, instance);
  return [...instance.state.kept.values()]
    .filter(({ path }) => path === kind.path)
    .map(({ item }) => item as Item)
    .filter((item) => tenantId === undefined || (item.tenantId ?? tenantId) === tenantId);
}

/** Returns what was sent, or with `sourceThemeId` a copy that takes only its name from the body, as documented. */
function source(kind: Kind, request: ApiRequest, instance: Instance, sent: StoredRecord['item']): object {
  const { sourceThemeId } = readBody(request, anything);
  if (kind.one !== 'theme' || typeof sourceThemeId !== 'string') return sent;
  const copied = instance.state.kept.get(keyOf(kind, sourceThemeId.toLowerCase()))?.item;
  if (!copied) throw invalidField('sourceThemeId', 'invalid', 'There is no such theme.');
  return { ...copied, name: sent['name'] };
}

function requireChangeable(kind: Kind, { id }: Item): void {
  if (!isShipped(keyOf(kind, id))) return;
  const message = 'This is shipped by FusionAuth and cannot be changed. Change a copy.';
  throw invalidField(`${kind.one}Id`, 'invalid', message);
}
