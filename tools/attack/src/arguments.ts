import { parseArgs } from 'node:util';
import { asFusionAuthWrites, exitCodes, ExitError } from '#gatehouse/platform';
import { groupNames } from './corpus/corpus.js';
import { developmentTarget, type Mode, modes, type Target } from './target.js';

export interface AttackArguments {
  readonly help: boolean;
  readonly url: string;
  readonly path: string;
  readonly rolePath: string | undefined;
  readonly issuerPort: number;
  readonly target: Omit<Target, 'issuer'> & { readonly issuer: string | undefined };
  readonly mode: Mode;
  /** Legal tokens of other algorithms are not sent. */
  readonly algorithms: readonly string[];
  readonly only: readonly string[];
  readonly mutations: number;
  readonly seed: number;
  readonly waitSeconds: number;
  readonly json: string | undefined;
}

const text = { type: 'string' } as const;
const options = {
  help: { type: 'boolean', default: false },
  url: text,
  path: { ...text, default: '/me' },
  'role-path': text,
  roles: { ...text, default: developmentTarget.roles.join(',') },
  'issuer-port': { ...text, default: '9012' },
  issuer: text,
  application: { ...text, default: developmentTarget.applicationId },
  tenant: { ...text, default: developmentTarget.tenantId },
  entity: { ...text, default: developmentTarget.entityId },
  'max-lifetime': { ...text, default: String(developmentTarget.maxLifetimeSeconds) },
  'clock-skew': { ...text, default: String(developmentTarget.clockSkewSeconds) },
  mode: { ...text, default: 'local' },
  algorithms: { ...text, default: 'RS256,RS384,RS512,ES256,ES384,ES512' },
  only: { ...text, multiple: true },
  mutations: { ...text, default: '500' },
  seed: text,
  wait: { ...text, default: '30' },
  json: text,
} as const;

/** Reads the command line. Throws an ExitError 2 that says what was not understood. */
export function parseArguments(args: readonly string[]): AttackArguments {
  const values = parsed(args);
  if (!values.help && !URL.canParse(values.url ?? ''))
    throw misused('--url URL is needed: the API to attack.');
  const only = values.only ?? [];
  const groups = [...groupNames, 'mutations'];
  const unknown = only.find((name) => !groups.includes(name));
  if (unknown !== undefined) throw misused(`--only ${unknown}: there is no such group.`);
  const mode = modes.find((name) => name === values.mode);
  if (!mode) throw misused(`--mode is one of ${modes.join(', ')}.`);
  return {
    help: values.help,
    url: values.url ?? '',
    path: values.path,
    rolePath: values['role-path'],
    issuerPort: number('--issuer-port', values['issuer-port'], 65_535),
    target: {
      issuer: values.issuer,
      applicationId: asFusionAuthWrites(values.application),
      tenantId: asFusionAuthWrites(values.tenant),
      entityId: values.entity === 'none' ? undefined : asFusionAuthWrites(values.entity),
      roles: values.roles.split(','),
      maxLifetimeSeconds: number('--max-lifetime', values['max-lifetime'], 86_400),
      clockSkewSeconds: number('--clock-skew', values['clock-skew'], 300),
    },
    mode,
    algorithms: values.algorithms.split(','),
    only,
    mutations: number('--mutations', values.mutations, 1_000_000),
    seed:
      values.seed === undefined ? Math.floor(Math.random() * 1e9) : number('--seed', values.seed, 2 ** 31),
    waitSeconds: number('--wait', values.wait, 3_600),
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw misused(`${(error as Error).message.split('. ')[0]}.`);
  }
}

function number(name: string, value: string, most: number): number {
  const result = /^\d+$/.test(value) ? Number(value) : NaN;
  if (!(result <= most)) throw misused(`${name} takes a whole number up to ${most}.`);
  return result;
}

const misused = (what: string): ExitError =>
  new ExitError(`${what} Try: npm run attack -- --help`, exitCodes.usage);
