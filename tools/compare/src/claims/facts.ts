import { pages } from '../fusionauth-documents.js';
import { documented } from './claim.js';

/** Facts that several claims rest on. */
export const loginRecord = documented('a successful log-in writes a login record', pages.login);
export const clientCredentials = documented(
  'client credentials between two entities, since 1.26, on a paid plan',
  pages.entityManagement,
  pages.guide,
);
