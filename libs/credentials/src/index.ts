export {
  createSource,
  credentialSettings,
  settingsOf,
  sourceNames,
  sourceProblems,
  type SourceName,
} from './catalogue.js';
export { CredentialFailure, devCenterAt } from './credential-failure.js';
export { readRefreshToken, RefreshTokenFile } from './refresh-token-file.js';
export type { CredentialSource, RefreshTokenStore, Spent } from './source.js';
