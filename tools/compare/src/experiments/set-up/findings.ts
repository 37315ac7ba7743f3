import { meanWithInterval, rounded } from '../../../../measure/src/statistics.js';
import { secretOf } from '../../dev-center/issuers.js';
import type { Finding } from '../../experiment.js';
import type { CredentialKind, Mode } from '../../modes.js';
import type { World } from '../../world/world.js';
import { auditOf } from './audit.js';
import { type SetUp, stepsIn } from './one-set-up.js';

/** Fewer show only the order of magnitude. */
const enoughSamples = 5;

interface Seen {
  readonly world: World;
  readonly mode: Mode;
  /** Equal set-ups, one after the other. */
  readonly done: readonly SetUp[];
  /** Names of settings. */
  readonly apiSecrets: readonly string[];
}

/** The facts about how FusionAuth issues each kind of credential. */
const aboutObtaining: Readonly<Record<CredentialKind, string>> = {
  'user-token': '4',
  'machine-token': '14',
  'api-key': '9',
  'email-token': '11',
};

/** Returns the cells of a mode. */
export async function findingsOf({ world, mode, done, apiSecrets }: Seen): Promise<Finding[]> {
  const last = done.at(-1);
  if (!last) throw new Error('nothing was set up');
  const { steps, human } = stepsIn(last.calls);
  const cells: Record<string, Omit<Finding, 'mode' | 'row'>> = {
    steps: {
      value: steps,
      text: String(steps),
      how: `The calls to FusionAuth, in this order: ${last.calls.map(({ name }) => name).join(', ')}.`,
    },
    'human-steps': {
      value: human,
      text: human === 0 ? '0' : `${human}: the log-in`,
      rating: human === 0 ? 'good' : 'fair',
      evidence: world.fact(aboutObtaining[mode.kind], 'D'),
    },
    secrets: { value: 1, text: `1: ${secretOf(mode.kind)}` },
    'api-secrets': {
      value: apiSecrets.length,
      text: [String(apiSecrets.length), apiSecrets.join(', ')].filter(Boolean).join(': '),
      rating: apiSecrets.length === 0 ? 'good' : 'fair',
    },
    plan: planOf(mode),
    'renews-unattended': renewal(mode, done),
    audited: await auditOf(world, mode, last),
    'first-200': firstRequest(done),
  };
  return Object.entries(cells).map(([row, cell]) => ({ mode: mode.id, row, ...cell }));
}

const planOf = ({ kind }: Mode): Omit<Finding, 'mode' | 'row'> => {
  const isPaid = kind === 'machine-token';
  const evidence = { kind: 'as-documented', section: isPaid ? '14' : '17', tag: 'D' } as const;
  return isPaid
    ? { value: 'Starter', text: 'Starter, paid', rating: 'poor', evidence }
    : { value: 'Community', text: 'Community', rating: 'good', evidence };
};

function renewal({ kind }: Mode, done: readonly SetUp[]): Omit<Finding, 'mode' | 'row'> {
  if (done.every(({ renewed }) => renewed)) {
    const text = kind === 'user-token' ? 'yes, by its refresh token' : 'yes, by its client secret';
    return { value: true, text, rating: 'good' };
  }
  return { value: false, text: 'no: the Dev Center issues the next one', rating: 'fair' };
}

/** Returns the time of a set-up; with few samples, the mean without an interval. */
export function firstRequest(done: readonly Pick<SetUp, 'seconds'>[]): Omit<Finding, 'mode' | 'row'> {
  const { mean, interval } = meanWithInterval(done.map(({ seconds }) => seconds));
  const value = rounded(mean);
  const isEnough = done.length >= enoughSamples;
  return {
    value,
    text: `${value} s`,
    samples: done.length,
    ...(interval && isEnough && { interval: [rounded(Math.max(0, interval[0])), rounded(interval[1])] }),
    ...(!isEnough && { tooFewSamples: true }),
  };
}
