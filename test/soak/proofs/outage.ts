import type { Environment } from '#gatehouse/platform';
import { faults } from '../../../tools/measure/src/fault-proxy.js';
import type { ModeName } from '../../contract/mode.js';
import { demand, judge, type Judgement, perSecond, runCourse, trustSeconds } from '../course.js';
import type { Proof } from '../proof.js';
import { type SoakWorld, startSoakWorld } from '../soak-world.js';

const outageSeconds = 60;
const modes: Readonly<Partial<Record<ModeName, Environment>>> = {
  'jwt/local': { AUTH_STRATEGY: 'jwt' },
  'jwt/introspection': { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'introspection' },
  'jwt/session': { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'session' },
  'api-key': { AUTH_STRATEGY: 'api-key' },
  'email-token': { AUTH_STRATEGY: 'email-token' },
};

/** The guard of each mode, with and without grace, while FusionAuth is down for a minute. */
export const outage: Proof = {
  name: 'outage',
  about: `FusionAuth down for ${outageSeconds} s under ${perSecond} requests a second, mode by mode: nobody is refused for it, the known pass`,
  async run(say) {
    const judgements: Judgement[] = [];
    const written = { lines: 0, leaks: [] as string[] };
    for (const mode of Object.keys(modes) as ModeName[]) {
      say(mode);
      const world = await startSoakWorld();
      try {
        judgements.push(...(await live(world, mode)));
        const { lines, leaks } = world.searched();
        written.lines += lines;
        written.leaks.push(...leaks);
      } finally {
        await world.close();
      }
    }
    judgements.push({ broken: written.leaks.slice(0, 10), figures: {} });
    return demand(judgements, {
      'log lines searched': written.lines,
      'credentials found in them': written.leaks.length,
    });
  },
};

async function live(world: SoakWorld, mode: ModeName): Promise<Judgement[]> {
  const start = async (graceSeconds: number) => ({
    name: `${mode}, grace ${graceSeconds}`,
    api: await world.startApi({
      ...modes[mode],
      CREDENTIAL_CACHE_SECONDS: String(trustSeconds),
      CREDENTIAL_GRACE_SECONDS: String(graceSeconds),
    }),
    modes: [mode],
    graceSeconds,
  });
  const targets = mode === 'jwt/local' ? [await start(120)] : [await start(120), await start(0)];
  // A process always grows in its first minute.
  await runCourse(world, targets, faults.none, outageSeconds / 2);
  const seen = await runCourse(world, targets, faults.refuse, outageSeconds);
  return seen.map((one) => judge(one));
}
