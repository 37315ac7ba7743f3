import type { Environment } from '#gatehouse/platform';
import { type FaultName, faults as kinds } from '../../../tools/measure/src/fault-proxy.js';
import type { ModeName } from '../../contract/mode.js';
import { demand, judge, type Judgement, perSecond, runCourse, type Target, trustSeconds } from '../course.js';
import type { Proof } from '../proof.js';
import { type SoakWorld, startSoakWorld } from '../soak-world.js';

const faultSeconds = 15;
const names = (Object.keys(kinds) as FaultName[]).filter((name) => name !== 'none');

const threeModes = ['jwt/introspection', 'api-key', 'email-token'] as const;
const three = { AUTH_STRATEGY: 'jwt,api-key,email-token', JWT_VALIDATION: 'introspection' };
const session = { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'session' };
const local = { AUTH_STRATEGY: 'jwt' };

type Guard = readonly [name: string, modes: readonly ModeName[], env: Environment, graceSeconds: number];

/** Two at a time, because there are two processors. */
const pairs: readonly (readonly Guard[])[] = [
  [
    ['three strategies, grace 120', threeModes, three, 120],
    ['three strategies, grace 0', threeModes, three, 0],
  ],
  [
    ['jwt/session, grace 120', ['jwt/session'], session, 120],
    ['jwt/local', ['jwt/local'], local, 120],
  ],
];

/** Every kind of fault, one after the other, for the guards of all modes. */
export const faults: Proof = {
  name: 'faults',
  about: `each of ${names.length} kinds of fault for ${faultSeconds} s under ${perSecond} requests a second: as in an outage, and neither event loop nor memory suffer`,
  async run(say) {
    const judgements: Judgement[] = [];
    let lines = 0;
    for (const pair of pairs) {
      const world = await startSoakWorld();
      try {
        judgements.push(...(await live(world, pair, say)));
        const { leaks, lines: searched } = world.searched();
        lines += searched;
        judgements.push({ broken: leaks.slice(0, 10), figures: {} });
      } finally {
        await world.close();
      }
    }
    return demand(judgements, { 'log lines searched for credentials': lines });
  },
};

async function live(world: SoakWorld, guards: readonly Guard[], say: (text: string) => void) {
  const targets = await Promise.all(guards.map((guard) => start(world, guard)));
  say('warming up');
  await runCourse(world, targets, kinds.none, faultSeconds);
  const judgements: Judgement[] = [];
  for (const name of names) {
    say(`${name}: ${targets.map((target) => target.name).join('; ')}`);
    const seen = await runCourse(world, targets, kinds[name], faultSeconds);
    for (const one of seen) {
      const target = { ...one.target, name: `${name}, ${one.target.name}` };
      judgements.push(judge({ ...one, target }, name === 'halfOpen'));
    }
  }
  return judgements;
}

async function start(world: SoakWorld, [name, modes, env, graceSeconds]: Guard): Promise<Target> {
  const api = await world.startApi({
    ...env,
    CREDENTIAL_CACHE_SECONDS: String(trustSeconds),
    CREDENTIAL_GRACE_SECONDS: String(graceSeconds),
  });
  return { name, api, modes, graceSeconds };
}
