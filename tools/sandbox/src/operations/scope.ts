import { z } from 'zod';
import { existingApplication } from './application.js';
import { partOperations } from './resource.js';

const fields = z.looseObject({
  name: z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'is not a scope (RFC 6749 section 3.3)'),
  description: z.string().optional(),
  required: z.boolean().default(false),
});

/** `/api/application/{applicationId}/scope[/{scopeId}]`: a scope of the application's own. */
export const scopeOperations = partOperations({
  path: '/api/application/:applicationId/scope',
  one: 'scope',
  fields,
  retrieval: 'one',
  parent: existingApplication,
  partsOf: ({ scopes }) => scopes,
  replace: ({ state }, application, scopes) =>
    state.applications.set(application.id, { ...application, scopes }),
  repeats: ({ id }) => ({ applicationId: id }),
});
