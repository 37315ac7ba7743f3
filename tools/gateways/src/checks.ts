import { amazonCognito, amazonIam, amazonJwt } from './checks/amazon.js';
import type { Column } from './checks/check.js';
import { caddy, envoy, hasuraWebhook, nginx, traefik } from './checks/forward-auth.js';
import { haproxyNative, hasuraJwt, kong, ngrok } from './checks/native.js';

/** What each gateway looks at, in the order of the document: those that were run here first. */
export const columns: readonly Column[] = [
  haproxyNative,
  nginx,
  caddy,
  traefik,
  envoy,
  kong,
  ngrok,
  hasuraJwt,
  hasuraWebhook,
  amazonJwt,
  amazonCognito,
  amazonIam,
];
