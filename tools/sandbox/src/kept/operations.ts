import { ok } from '../answer.js';
import { type Operation, operation } from '../operations/operation.js';
import { searched } from '../search.js';
import { createKept, deleteKept, keptOf, patchKept, retrieveKept, updateKept } from './kept.js';
import { type Kind, kinds } from './kinds.js';
import { singletonOperations } from './singletons.js';

/** The operations on everything that is stored without effect. */
export const keptOperations: readonly Operation[] = [
  ...kinds.flatMap(operationsOn),
  ...singletonOperations,
].map((one) => ({ ...one, inert: true as const }));

function operationsOn(kind: Kind): Operation[] {
  const { path, access, all, searchBy, unlisted } = kind;
  const search: Operation['handle'] = (request, instance) => {
    const { page, total } = searched(request, keptOf(kind, request, instance), searchBy ?? []);
    return ok({ [all]: page, total });
  };
  return [
    operation('POST', `${path}/:id?`, access, (...call) => createKept(kind, ...call)),
    operation('GET', `${path}/:id${unlisted ? '' : '?'}`, access, (...call) => retrieveKept(kind, ...call)),
    operation('PUT', `${path}/:id`, access, (...call) => updateKept(kind, ...call)),
    operation('PATCH', `${path}/:id`, access, (...call) => patchKept(kind, ...call)),
    operation('DELETE', `${path}/:id`, access, (...call) => deleteKept(kind, ...call)),
    ...(searchBy
      ? [
          operation('POST', `${path}/search`, access, search),
          operation('GET', `${path}/search`, access, search),
        ]
      : []),
  ];
}
