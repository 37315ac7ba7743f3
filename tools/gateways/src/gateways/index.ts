import type { Gateway } from '../gateway.js';
import { haproxyNative } from './haproxy-native.js';

/** Every gateway that a configuration can be made for. */
export const gateways: readonly Gateway[] = [haproxyNative];
