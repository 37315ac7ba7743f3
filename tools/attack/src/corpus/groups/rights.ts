import { bearer, forbidden, group } from '../kind.js';
import type { Json, Mint } from '../mint.js';

const registered = group('rights', { ids: ['JWT-11', 'OA-9'], owed: 'issuer' });
const permitted = group('rights', { ids: ['OA-9'], owed: 'issuer' });
const machines = { ids: ['OA-2', 'OA-9'], owed: 'issuer', refusal: forbidden, route: 'role' } as const;
/** In session mode the roles of the user's record count, whatever the token says. */
const entitled = group('rights', { ...machines, noticedBy: ['local', 'introspection'] });
const entrusted = group('rights', machines);
const none = { refusal: forbidden };

const user = (change: Json | ((mint: Mint) => Json)) => (mint: Mint) =>
  bearer(mint.token(typeof change === 'function' ? change(mint) : change));
const machine =
  (permissions: unknown, change: Json = {}) =>
  (mint: Mint) =>
    bearer(
      mint.machine({
        permissions:
          typeof permissions === 'function' ? (permissions as (mint: Mint) => unknown)(mint) : permissions,
        ...change,
      }),
    );
const entity = ({ target }: Mint) => target.entityId ?? 'none';

const proof = 'FusionAuth writes applicationId and roles only for who is registered';
const roles = 'FusionAuth writes roles as a list of texts';
const permissions = 'FusionAuth writes permissions as a map from entity to a list';
const role = 'RFC 6750 section 3.1: authenticated is not entitled';

export const rights = [
  registered(
    'a user who is not registered',
    proof,
    user({ applicationId: undefined, roles: undefined }),
    none,
  ),
  registered(
    'a user who is not registered, with roles from a lambda',
    proof,
    user({ applicationId: undefined }),
    none,
  ),
  registered(
    'a user registered for another application',
    proof,
    user({ applicationId: '00000000-0000-4000-8000-000000000005' }),
  ),
  registered('null as the application', proof, user({ applicationId: null })),
  registered(
    'a list that holds the application',
    proof,
    user(({ target }) => ({ applicationId: [target.applicationId] })),
  ),
  registered(
    'the application with a space behind it',
    proof,
    user(({ target }) => ({ applicationId: `${target.applicationId} ` })),
  ),
  registered('a registration without roles', roles, user({ roles: undefined })),
  registered('null as the roles', roles, user({ roles: null })),
  registered('roles in one text', roles, user({ roles: 'todo-reader todo-writer' })),
  registered('roles as a map', roles, user({ roles: { 'todo-reader': true } })),
  registered('roles with a length of their own', roles, user({ roles: { 0: 'todo-reader', length: 1 } })),
  registered('a number among the roles', roles, user({ roles: ['todo-reader', 1] })),
  registered('a list among the roles', roles, user({ roles: [['todo-reader']] })),
  registered('an empty role', roles, user({ roles: [''] })),
  permitted('a machine without permissions', permissions, machine(undefined)),
  permitted('null as the permissions', permissions, machine(null)),
  permitted('permissions in one text', permissions, machine('todo-reader')),
  permitted(
    'permissions of our entity in one text',
    permissions,
    machine((mint: Mint) => ({ [entity(mint)]: 'todo-reader' })),
  ),
  permitted(
    'permissions of our entity as a map',
    permissions,
    machine((mint: Mint) => ({ [entity(mint)]: { 'todo-reader': true } })),
  ),
  permitted(
    'a number among the permissions',
    permissions,
    machine((mint: Mint) => ({ [entity(mint)]: ['todo-reader', 1] })),
  ),
  permitted(
    'an empty permission',
    permissions,
    machine((mint: Mint) => ({ [entity(mint)]: [''] })),
  ),
  permitted(
    'a plain list of permissions for two entities',
    'RFC 9700 section 2.3: it does not say at which of them they hold',
    (mint) =>
      machine(mint.target.roles, { aud: [entity(mint), '00000000-0000-4000-8000-000000000006'] })(mint),
  ),
  entitled('a user without any role', role, user({ roles: [] })),
  entitled('a user with a role that opens nothing here', role, user({ roles: ['guest'] })),
  entitled(
    'a role in capitals',
    'a role is compared whole',
    user(({ target }) => ({ roles: target.roles.map((one) => one.toUpperCase()) })),
  ),
  entitled(
    'a role with a space behind it',
    'a role is compared whole',
    user(({ target }) => ({ roles: target.roles.map((one) => `${one} `) })),
  ),
  entitled(
    'roles joined by a comma',
    'a role is compared whole',
    user(({ target }) => ({ roles: [[...target.roles, 'x'].join(',')] })),
  ),
  entitled('an asterisk as the role', 'a role is compared whole', user({ roles: ['*'] })),
  entitled(
    'a role that every object has',
    'roles are looked up among own members',
    user({ roles: ['constructor', '__proto__'] }),
  ),
  entitled(
    'the role as a scope',
    'a scope is what the user lent, a role what he has',
    user(({ target }) => ({ roles: [], scope: target.roles.join(' ') })),
  ),
  entrusted(
    'a machine permitted elsewhere only',
    'RFC 9700 section 2.3: rights at one entity are none at another',
    machine(({ target }: Mint) => ({ '00000000-0000-4000-8000-000000000007': target.roles })),
  ),
  entrusted(
    'a machine with permissions in an inherited member',
    'permissions are looked up among own members',
    (mint) => machine({ constructor: mint.target.roles, toString: mint.target.roles })(mint),
  ),
  entrusted('a machine with roles instead of permissions', 'a machine’s rights are its grants', (mint) =>
    machine({}, { roles: mint.target.roles })(mint),
  ),
];
