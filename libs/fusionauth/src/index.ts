export { fusionAuthData, type FusionAuthData, type FusionAuthDataSettings } from './data.js';
export { FusionAuthUnavailable } from './unavailable.js';
