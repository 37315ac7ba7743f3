export { type ForwardDoor, forwardDoor, type ForwardSettings, type ForwardVerdict } from './forward-door.js';
export { hasuraDoor, type HasuraDoor, type HasuraVerdict, type SessionVariables } from './hasura-door.js';
export { headerFamilies, type HeaderFamily } from './forwarded-request.js';
export { verdictHeader } from './identity-headers.js';
export { nameHosts, readRoleRules, type RoleRule } from './role-rules.js';
export { roleRulesSetting } from './role-rules.setting.js';
