import { amazonCognito, amazonIam, amazonJwt, amazonLambda } from './checks/amazon.js';
import type { Column } from './checks/check.js';
import { caddy, envoy, haproxyForwardAuth, hasuraWebhook, nginx, traefik } from './checks/forward-auth.js';
import { haproxyNative, hasuraJwt, kong, ngrok } from './checks/native.js';

/** The columns of the document, in order: gateways that were run here first. */
export const columns: readonly Column[] = [
  haproxyNative,
  haproxyForwardAuth,
  nginx,
  caddy,
  traefik,
  envoy,
  kong,
  ngrok,
  hasuraJwt,
  hasuraWebhook,
  amazonLambda,
  amazonJwt,
  amazonCognito,
  amazonIam,
];
