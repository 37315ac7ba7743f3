/** What a credential may do. `todo-auditor` sees everyone's todos; the others only their own. */
export const roles = ['todo-reader', 'todo-writer', 'todo-auditor', 'portal-admin'] as const;

export type Role = (typeof roles)[number];
