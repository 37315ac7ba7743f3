import type { GoalId } from '../goals.js';

const slowMachine =
  'An unguarded request cost what the table below says; the aims were set where it cost 20 µs. A busy neighbour slows ' +
  'memory and sockets, which is most of a request, far more than the arithmetic of a signature, so quotients shrink too.';

/** Why a goal is missed when it is, from profiles, for the reader of docs/performance.md. */
export const shortfalls: Partial<Record<GoalId, string>> = {
  G1: `called in a loop, the guard takes 5 µs of a known token, 1.1 of them for its digest; among the other code of a request it takes several times that, for its data are in no cache. ${slowMachine}`,
  G2: 'checking a new token takes 62 µs in a loop, of which the signature is 27, the engine around it 12, reading the token strictly 12; and on Node 24 the usual passport-jwt takes 127 µs, not the 232 that it took on Node 20.',
  G3: 'on Node 24 express-oauth2-jwt-bearer takes 105 µs for a token, and the rest of a request is slower than where the aim was set (G1).',
  G4: '@fastify/jwt keeps verified tokens as we do, on a server without Nest and without metrics.',
  G5: 'the aim was set on Node 20, where the usual passport-jwt took 232 µs for a token; on Node 24 it takes 127.',
  G6: 'what NestJS and the guard add; see G1.',
  G7: 'each second a thousand credentials are asked about, and a call costs the server what two or three requests cost.',
  G9: 'one core answers a thousand requests one after the other; the last waits for 999 others beside the 20 ms of FusionAuth.',
  G12: 'a hang is not noticed before the deadline, 250 ms: until then each credential whose trust ends is asked about.',
  G14: 'the guard is some 3 % of the request; neighbours on the machine moved the two sides by more.',
  G16: 'both send the same bytes; the rest is what nodemailer does between the commands of a mail. From run to run the median was 0.59 to 0.71.',
  G19: 'the log line (5 % of the request), the schema of the answer (4 %), the schema of the rows (3 %), the guard (3 %), and Nest between them.',
};
