import { z } from 'zod';
import { exitCodes } from '#gatehouse/platform';
import { shownChecks } from '../doctor/check.js';
import { checkCredential } from '../doctor/credential.js';
import { checkSetUp, isAway } from '../doctor/set-up.js';
import { command } from './command.js';

export const doctorCommand = command({
  usage: 'doctor [--file FILE]',
  about: 'why a credential is refused, step by step, and whether FusionAuth is set up right',
  options: {
    file: {
      type: 'string',
      about: 'holds a credential as it is sent, or the secret that --out wrote; - reads standard input',
    },
  },
  reads: 'file',
  schema: z.object({ file: z.string().max(16_384, 'is too long for a credential').optional() }),
  run: async ({ file: credential }, center) => {
    const setUp = await checkSetUp(center);
    const checks = credential === undefined ? [] : await checkCredential(center, credential);
    return { setUp, credential: checks, ok: [...setUp, ...checks].every(({ ok }) => ok !== false) };
  },
  show: ({ setUp, credential, ok }) =>
    [
      ...['FusionAuth', ...shownChecks(setUp)],
      ...(credential.length > 0 ? ['', 'The credential', ...shownChecks(credential)] : []),
      ...['', ok ? 'Nothing is wrong.' : 'What is marked ✗ needs attention.'],
    ].join('\n'),
  exitCode: ({ ok, setUp }) => {
    if (ok) return exitCodes.done;
    return setUp.some(isAway) ? exitCodes.unavailable : exitCodes.workHeld;
  },
});
