import type { SignatureEngine } from './engine.js';
import { nodeEngine } from './node.engine.js';
import { passportJwtEngine } from './passport-jwt.engine.js';

/** The engines that verify signatures. `JWT_ENGINE` selects by name. */
export const engines = { node: nodeEngine, 'passport-jwt': passportJwtEngine } satisfies Record<
  string,
  SignatureEngine
>;

export type EngineName = keyof typeof engines;
