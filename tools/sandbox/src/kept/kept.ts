import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { namedTenant } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { KeptRecord } from '../state/state.js';
import { checkFields, keyOf } from './check-fields.js';
import type { Kind } from './kinds.js';
import { shipped } from './shipped.js';

type Item = KeptRecord['item'] & { id: string; insertInstant: number };

/** Returns all things of a kind that a request may see, oldest first. */
export function keptOf(kind: Kind, request: ApiRequest, instance: Instance): Item[] {
  const tenantId = namedTenant(request, instance);
  return [...instance.state.kept.values()]
    .filter(({ path }) => path === kind.path)
    .map(({ item }) => item as Item)
    .filter((item) => tenantId === undefined || (item['tenantId'] ?? tenantId) === tenantId);
}

/** `POST` to the kind's path, with an id chosen by the caller or a generated one. */
export function createKept(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'id') ?? randomUUID();
  if (instance.state.kept.has(keyOf(kind, id)))
    throw invalidField(`${kind.one}Id`, 'duplicate', 'It exists.');
  const wanted = source(kind, request, instance);
  return store(kind, instance, id, wanted, instance.now());
}

/** `GET` one by its id, or all. */
export function retrieveKept(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'id') === undefined) return ok({ [kind.all]: keptOf(kind, request, instance) });
  return ok({ [kind.one]: existing(kind, request, instance) });
}

/** `PUT`: replaces. */
export function updateKept(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  const { id, insertInstant } = changeable(kind, request, instance);
  return store(kind, instance, id, readBody(request, bodyOf(kind))[kind.one] as object, insertInstant);
}

/** `PATCH`: changes a part. */
export function patchKept(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  const before = changeable(kind, request, instance);
  const after = patched(before, readBody(request, bodyOf(kind))[kind.one] as object, request);
  return store(kind, instance, before.id, after, before.insertInstant);
}

/** `DELETE`. */
export function deleteKept(kind: Kind, request: ApiRequest, instance: Instance): Answer {
  instance.state.kept.delete(keyOf(kind, changeable(kind, request, instance).id));
  return empty(200);
}

const bodyOf = ({ one }: Kind) => z.looseObject({ [one]: z.looseObject({}) });

/** Returns the body's thing, or with `sourceThemeId` a copy that takes only its name from the body, as documented. */
function source(kind: Kind, request: ApiRequest, instance: Instance): object {
  const body: Record<string, unknown> = readBody(request, bodyOf(kind));
  const wanted = body[kind.one] as Item;
  const sourceId = body['sourceThemeId'];
  if (kind.one !== 'theme' || typeof sourceId !== 'string') return wanted;
  const copied = instance.state.kept.get(keyOf(kind, sourceId.toLowerCase()))?.item;
  if (!copied) throw invalidField('sourceThemeId', 'invalid', 'There is no such theme.');
  return { ...copied, name: wanted['name'] };
}

function store(kind: Kind, instance: Instance, id: string, wanted: object, insertInstant: number): Answer {
  checkFields(kind, wanted as KeptRecord['item'], id, instance);
  const item: Item = { ...wanted, id, insertInstant, lastUpdateInstant: instance.now() };
  const key = keyOf(kind, id);
  instance.state.kept.set(key, { id: key, path: kind.path, item });
  return ok({ [kind.one]: item });
}

function existing(kind: Kind, request: ApiRequest, instance: Instance): Item {
  const id = idParam(request, 'id');
  const item = keptOf(kind, request, instance).find((one) => one.id === id);
  if (!item) throw notFound();
  return item;
}

function changeable(kind: Kind, request: ApiRequest, instance: Instance): Item {
  const item = existing(kind, request, instance);
  if (shipped.some(({ id }) => id === item.id)) {
    throw invalidField(
      `${kind.one}Id`,
      'invalid',
      'This is shipped by FusionAuth and cannot be changed. Change a copy.',
    );
  }
  return item;
}
