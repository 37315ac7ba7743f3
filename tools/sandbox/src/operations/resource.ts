import { z } from 'zod';
import { type Answer, empty, ok } from '../answer.js';
import { idParam, readBody, readMember, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { byId, newId, requireRecord, withItem } from '../records.js';
import { searchRecords } from '../search.js';
import { type Access, type Operation, operationsOn } from './operation.js';

interface Stored {
  readonly id?: string | undefined;
  readonly insertInstant?: number | undefined;
}

/** One creation or change of a record. */
export interface Change<Item> {
  readonly request: ApiRequest;
  readonly instance: Instance;
  /** Undefined at a creation. */
  readonly existing: Item | undefined;
  /** The members that the server sets, times in milliseconds. */
  readonly stamps: {
    readonly id: string;
    readonly insertInstant: number;
    readonly lastUpdateInstant: number;
  };
}

/** A kind of record with FusionAuth's usual operations: create, retrieve, search, replace, patch and delete. */
interface Resource<Item extends Stored, Fields extends z.ZodType> {
  readonly path: string;
  /** The member that contains one of this kind in bodies. */
  readonly one: string;
  /** The member that contains several, by default `one` with an s. */
  readonly several?: string;
  readonly access: Access;
  readonly fields: Fields;
  /** Returns the records that the request may see, oldest first. Throws a refusal. */
  readonly all: (request: ApiRequest, instance: Instance) => readonly Item[];
  /** Checks and stores what a client wants; returns the record. Throws 400 by field. */
  readonly save: (change: Change<Item>, wanted: z.output<Fields>) => Item;
  readonly remove: (call: Pick<Change<Item>, 'request' | 'instance'>, existing: Item) => void;
  /** Returns the ids that a creation may not choose, by default those of `all`. */
  readonly taken?: (instance: Instance) => Pick<ReadonlyMap<string, unknown>, 'has'>;
  /** Returns the record as answers contain it. */
  readonly show?: (item: Item, instance: Instance) => object;
  /** The members that a search may use; without them there is no search. */
  readonly searchBy?: readonly string[] | undefined;
  /** Searches, by default by the texts of those members. */
  readonly search?: typeof searchRecords;
  /** The members that stay where a `PUT` omits them. */
  readonly optional?: readonly string[];
  /** `one`: FusionAuth has no operation that lists all of this kind; `none`: nor one that retrieves one. */
  readonly retrieval?: 'all' | 'one' | 'none';
  /** Returns the records that a list contains, by default all. */
  readonly listed?: (request: ApiRequest, items: readonly Item[]) => readonly Item[];
}

/** Returns the operations on a kind of record. */
export function resourceOperations<Item extends Stored, Fields extends z.ZodType>(
  resource: Resource<Item, Fields>,
): Operation[] {
  const { path, one, access, searchBy, retrieval = 'all' } = resource;
  const handlers = new Handlers(resource);
  return operationsOn(path, `${one}Id`, access, {
    create: (...call) => handlers.create(...call),
    update: (...call) => handlers.update(...call),
    patch: (...call) => handlers.patch(...call),
    remove: (...call) => handlers.remove(...call),
    ...(retrieval === 'all' && { retrieve: (...call) => handlers.retrieve(...call) }),
    ...(retrieval === 'one' && { retrieveOne: (...call) => handlers.retrieve(...call) }),
    ...(searchBy && { search: (...call) => handlers.search(...call) }),
  });
}

class Handlers<Item extends Stored, Fields extends z.ZodType> {
  readonly #idName: string;
  readonly #several: string;
  readonly #body: z.ZodType<object>;

  constructor(private readonly resource: Resource<Item, Fields>) {
    const { one, several = `${one}s`, fields } = resource;
    this.#idName = `${one}Id`;
    this.#several = several;
    this.#body = z.looseObject({ [one]: fields });
  }

  create(request: ApiRequest, instance: Instance): Answer {
    const { taken, all } = this.resource;
    const items = all(request, instance);
    const id = newId(request, this.#idName, taken?.(instance) ?? byId(items));
    return this.#save(request, instance, readBody(request, this.#body), id);
  }

  retrieve(request: ApiRequest, instance: Instance): Answer {
    const { one, all, listed } = this.resource;
    if (idParam(request, this.#idName) !== undefined)
      return ok({ [one]: this.#shown(this.#existing(request, instance), instance) });
    const items = all(request, instance);
    const shown = (listed?.(request, items) ?? items).map((item) => this.#shown(item, instance));
    return ok({ [this.#several]: shown });
  }

  search(request: ApiRequest, instance: Instance): Answer {
    const { all, searchBy = [], search = searchRecords } = this.resource;
    const { page, total } = search(request, all(request, instance), searchBy);
    return ok({ [this.#several]: page.map((item) => this.#shown(item, instance)), total });
  }

  update(request: ApiRequest, instance: Instance): Answer {
    const { one, optional = [] } = this.resource;
    const existing = this.#existing(request, instance);
    const before = new Map<string, unknown>(Object.entries(this.#shown(existing, instance)));
    const unchanged = Object.fromEntries(optional.map((name) => [name, before.get(name)]));
    const body = readMember(request, this.#body, one, (sent) => ({ ...unchanged, ...sent }));
    return this.#save(request, instance, body, existing.id ?? '', existing);
  }

  patch(request: ApiRequest, instance: Instance): Answer {
    const existing = this.#existing(request, instance);
    const body = readPatch(request, this.#body, this.resource.one, this.#shown(existing, instance));
    return this.#save(request, instance, body, existing.id ?? '', existing);
  }

  remove(request: ApiRequest, instance: Instance): Answer {
    this.resource.remove({ request, instance }, this.#existing(request, instance));
    return empty(200);
  }

  #existing(request: ApiRequest, instance: Instance): Item {
    return requireRecord(request, this.#idName, byId(this.resource.all(request, instance)));
  }

  #shown(item: Item, instance: Instance): object {
    return this.resource.show?.(item, instance) ?? item;
  }

  #save(request: ApiRequest, instance: Instance, body: object, id: string, existing?: Item): Answer {
    const { one, save } = this.resource;
    const now = instance.now();
    const stamps = { id, insertInstant: existing?.insertInstant ?? now, lastUpdateInstant: now };
    const wanted = (body as Record<string, z.output<Fields>>)[one] as z.output<Fields>;
    return ok({ [one]: this.#shown(save({ request, instance, existing, stamps }, wanted), instance) });
  }
}

/** A part of another record: a role of an application, for example. Its name is unique there. */
type PartOf<Parent, Part extends Stored, Fields extends z.ZodType> = Pick<
  Resource<Part, Fields>,
  'path' | 'one' | 'fields' | 'optional' | 'retrieval'
> & {
  /** Returns the record in the path that has the parts. Throws 404. */
  readonly parent: (request: ApiRequest, instance: Instance) => Parent;
  readonly partsOf: (parent: Parent) => readonly Part[] | undefined;
  readonly replace: (instance: Instance, parent: Parent, parts: Part[]) => void;
  /** Removes the traces of a deleted part. */
  readonly removed?: (instance: Instance, parent: Parent, part: Part) => void;
  /** Members of the parent that a part repeats. */
  readonly repeats?: (parent: Parent) => Partial<Part>;
};

/** Returns the operations on the parts of a kind of record. */
export const partOperations = <
  Parent,
  Part extends Stored & { readonly name?: string | undefined },
  Fields extends z.ZodType,
>({
  parent,
  partsOf,
  replace,
  removed,
  repeats,
  ...part
}: PartOf<Parent, Part, Fields>): Operation[] =>
  resourceOperations<Part, Fields>({
    ...part,
    access: 'api-key',
    all: (request, instance) => partsOf(parent(request, instance)) ?? [],
    save: ({ request, instance, stamps }, wanted) => {
      const whole = parent(request, instance);
      const item = { ...(wanted as Part), ...repeats?.(whole), ...stamps };
      replace(instance, whole, withItem(partsOf(whole), item, `${part.one}.name`));
      return item;
    },
    remove: ({ request, instance }, { id, ...gone }) => {
      const whole = parent(request, instance);
      replace(
        instance,
        whole,
        (partsOf(whole) ?? []).filter((one) => one.id !== id),
      );
      removed?.(instance, whole, { id, ...gone } as Part);
    },
  });
