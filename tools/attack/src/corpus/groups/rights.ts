import { forbidden, kinds } from '../kind.js';
import { entityOf, machine, type Make, user } from '../make.js';

/** Makes a machine's token with these permissions, or with these at our entity. */
const permitted = (permissions: unknown): Make => machine({ permissions });
const permittedHere = (permissions: unknown): Make =>
  machine((mint) => ({ permissions: { [entityOf(mint)]: permissions } }));

const group = 'rights';
const registered = ['JWT-11', 'OA-9'];
const proof = 'FusionAuth writes applicationId and roles only for registered users';
const permissions = 'FusionAuth writes permissions as a map from entity to a list';
/** Traits of a token that is authenticated, but lacks the role that the route requires. */
const without = { ids: ['OA-2', 'OA-9'], owed: 'issuer', refusal: forbidden, route: 'role' } as const;

export const rights = [
  ...kinds(group, { ids: registered, owed: 'issuer', refusal: forbidden })({
    [proof]: {
      'a user who is not registered': user({ applicationId: undefined, roles: undefined }),
      'a user who is not registered, with roles from a lambda': user({ applicationId: undefined }),
    },
  }),
  ...kinds(group, { ids: registered, owed: 'issuer' })({
    [proof]: {
      'a user registered for another application': user({
        applicationId: '00000000-0000-4000-8000-000000000005',
      }),
      'null as the application': user({ applicationId: null }),
      'a list that holds the application': user(({ target }) => ({ applicationId: [target.applicationId] })),
      'the application with a trailing space': user(({ target }) => ({
        applicationId: `${target.applicationId} `,
      })),
    },
    'FusionAuth writes roles as a list of strings': {
      'a registration without roles': user({ roles: undefined }),
      'null as the roles': user({ roles: null }),
      'roles in one string': user({ roles: 'todo-reader todo-writer' }),
      'roles as a map': user({ roles: { 'todo-reader': true } }),
      'roles as an object with a length': user({ roles: { 0: 'todo-reader', length: 1 } }),
      'a number among the roles': user({ roles: ['todo-reader', 1] }),
      'a list among the roles': user({ roles: [['todo-reader']] }),
      'an empty role': user({ roles: [''] }),
    },
  }),
  ...kinds(group, { ids: ['OA-9'], owed: 'issuer' })({
    [permissions]: {
      'a machine without permissions': permitted(undefined),
      'null as the permissions': permitted(null),
      'permissions in one string': permitted('todo-reader'),
      'permissions of our entity in one string': permittedHere('todo-reader'),
      'permissions of our entity as a map': permittedHere({ 'todo-reader': true }),
      'a number among the permissions': permittedHere(['todo-reader', 1]),
      'an empty permission': permittedHere(['']),
    },
    'RFC 9700 section 2.3: it does not say for which of them they are valid': {
      'a plain list of permissions for two entities': machine((mint) => ({
        permissions: mint.target.roles,
        aud: [entityOf(mint), '00000000-0000-4000-8000-000000000006'],
      })),
    },
  }),
  // In session mode the roles of the user's record count, not those of the token.
  ...kinds(group, { ...without, noticedBy: ['local', 'introspection'] })({
    'RFC 6750 section 3.1: authenticated is not entitled': {
      'a user without any role': user({ roles: [] }),
      'a user with a role that opens nothing here': user({ roles: ['guest'] }),
    },
    'a role is compared exactly': {
      'a role in upper case': user(({ target }) => ({ roles: target.roles.map((one) => one.toUpperCase()) })),
      'a role with a trailing space': user(({ target }) => ({
        roles: target.roles.map((one) => `${one} `),
      })),
      'roles joined by a comma': user(({ target }) => ({ roles: [[...target.roles, 'x'].join(',')] })),
      'an asterisk as the role': user({ roles: ['*'] }),
    },
    'roles are looked up among own members': {
      'a role that every object has': user({ roles: ['constructor', '__proto__'] }),
    },
    'a scope is what the user delegated, a role is what the user has': {
      'the role as a scope': user(({ target }) => ({ roles: [], scope: target.roles.join(' ') })),
    },
  }),
  ...kinds(
    group,
    without,
  )({
    'RFC 9700 section 2.3: rights at one entity are none at another': {
      'a machine permitted elsewhere only': machine(({ target }) => ({
        permissions: { '00000000-0000-4000-8000-000000000007': target.roles },
      })),
    },
    'permissions are looked up among own members': {
      'a machine with permissions in an inherited member': machine(({ target: { roles } }) => ({
        permissions: { constructor: roles, toString: roles },
      })),
    },
    'a machine’s rights are its grants': {
      'a machine with roles instead of permissions': machine(({ target }) => ({
        permissions: {},
        roles: target.roles,
      })),
    },
  }),
];
