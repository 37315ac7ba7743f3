export { postgresRevocations, type SharedRevocations } from './shared-revocations.js';
export type { RevocationDatabase } from './postgres-revocations.js';
