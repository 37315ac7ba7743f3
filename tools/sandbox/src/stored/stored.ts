import { z } from 'zod';
import { namedTenant } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { applyPatch, idParam, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { type Operation, operationsOn } from '../operations/operation.js';
import { newId } from '../records.js';
import { searchRecords } from '../search.js';
import type { StoredRecord } from '../state/state.js';
import { checkFields } from './check-fields.js';
import { isShipped, keyOf, type Kind } from './kinds.js';

type Item = StoredRecord['item'] & { id: string; insertInstant: number; tenantId?: string };

/** Returns the operations on one kind of thing that affects no token. */
export function storedOperationsOn(kind: Kind): Operation[] {
  const { path, one, access, searchBy, unlisted } = kind;
  const retrieve: Operation['handle'] = (...call) => retrieveStored(kind, ...call);
  const search: Operation['handle'] = (request, instance) => {
    const { page, total } = searchRecords(request, all(kind, request, instance), searchBy ?? []);
    return ok({ [`${one}s`]: page, total });
  };
  return operationsOn(path, `${one}Id`, access, {
    create: (...call) => createStored(kind, ...call),
    ...(unlisted ? { retrieveOne: retrieve } : { retrieve }),
    ...(searchBy ? { search } : {}),
    update: (...call) => updateStored(kind, ...call),
    patch: (...call) => patchStored(kind, ...call),
    remove: (...call) => deleteStored(kind, ...call),
  });
}

/** Returns all things of a kind that a request may see, oldest first. One without a tenant belongs to every tenant. */
function all(kind: Kind, request: ApiRequest, instance: Instance): Item[] {
  const tenantId = namedTenant(request, instance);
  return [...instance.state.kept.values()]
    .filter(({ path }) => path === kind.path)
    .map(({ item }) => item as Item)
    .filter((item) => tenantId === undefined || (item.tenantId ?? tenantId) === tenantId);
}

function createStored(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  const taken = { has: (id: string) => instance.state.kept.has(keyOf(kind, id)) };
  const id = newId(request, `${kind.one}Id`, taken);
  return store(kind, instance, id, source(kind, request, instance), instance.now());
}

function retrieveStored(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, `${kind.one}Id`) === undefined)
    return ok({ [`${kind.one}s`]: all(kind, request, instance) });
  return ok({ [kind.one]: existing(kind, request, instance) });
}

function updateStored(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  const { id, insertInstant } = changeable(kind, request, instance);
  return store(kind, instance, id, sent(kind, request), insertInstant);
}

function patchStored(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  const before = changeable(kind, request, instance);
  return store(
    kind,
    instance,
    before.id,
    applyPatch(before, sent(kind, request), request),
    before.insertInstant,
  );
}

function deleteStored(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  instance.state.kept.delete(keyOf(kind, changeable(kind, request, instance).id));
  return empty(200);
}

const bodyOf = ({ one }: Kind) => z.looseObject({ [one]: z.looseObject({}) });

const sent = (kind: Kind, request: ApiRequest): object => readBody(request, bodyOf(kind))[kind.one] as object;

/** Returns the body's thing, or with `sourceThemeId` a copy that takes only its name from the body, as documented. */
function source(kind: Kind, request: ApiRequest, instance: Instance): object {
  const { sourceThemeId, [kind.one]: wanted }: Record<string, unknown> = readBody(request, bodyOf(kind));
  if (kind.one !== 'theme' || typeof sourceThemeId !== 'string') return wanted as Item;
  const copied = instance.state.kept.get(keyOf(kind, sourceThemeId.toLowerCase()))?.item;
  if (!copied) throw invalidField('sourceThemeId', 'invalid', 'There is no such theme.');
  return { ...copied, name: (wanted as Item)['name'] };
}

function store(kind: Kind, instance: Instance, id: string, wanted: object, insertInstant: number): Answer {
  checkFields(kind, wanted as StoredRecord['item'], id, instance);
  const item: Item = { ...wanted, id, insertInstant, lastUpdateInstant: instance.now() };
  const key = keyOf(kind, id);
  instance.state.kept.set(key, { id: key, path: kind.path, item });
  return ok({ [kind.one]: item });
}

function existing(kind: Kind, request: ApiRequest, instance: Instance): Item {
  const id = idParam(request, `${kind.one}Id`);
  const item = all(kind, request, instance).find((one) => one.id === id);
  if (!item) throw notFound();
  return item;
}

function changeable(kind: Kind, request: ApiRequest, instance: Instance): Item {
  const item = existing(kind, request, instance);
  if (!isShipped(keyOf(kind, item.id))) return item;
  throw invalidField(
    `${kind.one}Id`,
    'invalid',
    'This is shipped by FusionAuth and cannot be changed. Change a copy.',
  );
}
