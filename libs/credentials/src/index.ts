export { createSource, credentialSettings, settingsOf, sourceNames, type SourceName } from './catalogue.js';
export { CredentialFailure, type CredentialFailureKind } from './credential-failure.js';
export type { SourceDefinition, SourceParts } from './definition.js';
export { readRefreshToken, RefreshTokenFile } from './refresh-token-file.js';
export type { RefreshTokenStore, Spent } from './refresh-token-store.js';
export type { CredentialSource } from './source.js';
