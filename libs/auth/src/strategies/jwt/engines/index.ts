import type { SignatureEngine } from './engine.js';
import { nodeEngine } from './node.engine.js';
import { passportJwtEngine } from './passport-jwt.engine.js';

/** What can verify a signature. `JWT_ENGINE` picks from the names. */
export const engines = { node: nodeEngine, 'passport-jwt': passportJwtEngine } satisfies Record<
  string,
  SignatureEngine
>;

export type EngineName = keyof typeof engines;
