import type { GoalId } from '../goals.js';

/** Why a goal is missed when it is, from profiles, for the reader of docs/performance.md. */
export const shortfalls: Partial<Record<GoalId, string>> = {
  G1: 'the guard costs 8 µs: 2 for the digest of the token, 1.3 for the grammar of the header, 0.5 for taking the header away, 0.4 for looking up decorators, the rest for layers and Passport.',
  G2: 'checking a new token takes 62 µs, of which the signature is 27, the engine around it 12, reading the token strictly 12; and on Node 24 the usual passport-jwt takes 127 µs, not the 232 that it took on Node 20.',
  G3: 'on Node 24 express-oauth2-jwt-bearer takes 105 µs for a token.',
  G5: 'the aim was set on Node 20, where the usual passport-jwt took 232 µs for a token; on Node 24 it takes 127.',
  G7: 'a credential whose trust has ended is checked locally twice before FusionAuth is asked, and every call leaves two timers behind that fire later.',
  G9: 'one core answers a thousand requests one after the other; at 50 µs each the last waits 50 ms beside the 20 of FusionAuth.',
  G12: 'a known credential is not kept beyond its trust time while FusionAuth is away.',
  G13: 'every bogus credential is asked about, and shares the way to FusionAuth with the good ones.',
  G14: 'the guard is some 3 % of the request; neighbours on the machine moved the two sides by more.',
  G19: 'the log line (5 % of the request), the schema of the answer (4 %), the schema of the rows (3 %), the guard (3 %), and Nest between them.',
};
