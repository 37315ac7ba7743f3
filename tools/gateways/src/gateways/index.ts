import type { Gateway } from '../gateway.js';
import { caddy } from './caddy.js';
import { envoy } from './envoy.js';
import { haproxyForwardAuth } from './haproxy-forward-auth.js';
import { haproxyNative } from './haproxy-native.js';
import { hasuraJwt } from './hasura-jwt.js';
import { hasuraWebhook } from './hasura-webhook.js';
import { kong } from './kong.js';
import { nginx } from './nginx.js';
import { ngrok } from './ngrok.js';
import { traefik } from './traefik.js';

/** Every gateway that a configuration can be generated for. */
export const gateways: readonly Gateway[] = [
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
];
