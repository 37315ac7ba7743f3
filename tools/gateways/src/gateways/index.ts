import type { Gateway } from '../gateway.js';
import { caddy } from './caddy.js';
import { haproxyForwardAuth } from './haproxy-forward-auth.js';
import { haproxyNative } from './haproxy-native.js';
import { nginx } from './nginx.js';

/** Every gateway that a configuration can be made for. */
export const gateways: readonly Gateway[] = [haproxyForwardAuth, haproxyNative, nginx, caddy];
