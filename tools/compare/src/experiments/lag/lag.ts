import { setTimeout as delay } from 'node:timers/promises';
import { median, percentile, rounded } from '../../../../measure/src/statistics.js';
import { atExpiry } from '../../cells.js';
import { type Experiment, type Finding, notApplicable, type RowPlan, type Run } from '../../experiment.js';
import { type Mode, takesWebhooks } from '../../modes.js';
import type { Api } from '../../world/api.js';
import { type Apis, openIn, statusOf } from '../../world/apis.js';
import { issue } from '../../world/issue.js';
import type { Realm } from '../../world/maker.js';
import type { World } from '../../world/world.js';
import { type Action, actions } from './actions.js';

/** Lifetime of the tokens in seconds. A trial with a credential that never expires stops a little later. */
const tokenSeconds = 20;
const patienceSeconds = tokenSeconds + 5;
/** The number of repeats with --full; fewer show only the order of magnitude. */
const enoughSamples = 5;
const trustTimes = [0, 1] as const;
/** FusionAuth and API share a clock here, so no skew is allowed. */
const clockSkewSeconds = 0;
/** Returns the pause between two requests with a credential: short at first, then longer. */
const pauseMs = (sinceMs: number): number => (sinceMs < 3_000 ? 60 : 300);

const rows: readonly RowPlan[] = actions.flatMap(({ id, title }) =>
  trustTimes.map((trust) => ({
    id: `${id}/${trust}`,
    title: `${title}, cache time ${trust} s`,
    unit: 's',
    better: 'lower' as const,
    how: `A fresh credential is used repeatedly; the time runs from FusionAuth’s answer to the action until the first refused request was sent. Tokens live ${tokenSeconds} s; the cache time, CREDENTIAL_CACHE_SECONDS, is ${trust} s.`,
  })),
);

/** Measures how long a revoked credential keeps working. */
export const lag: Experiment = {
  id: 'lag',
  title: 'Revocation lag',
  question: 'How long does a revoked credential keep working?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    const realm = await world.newRealm({ tokenSeconds });
    await run.ground.withApis(async (apis) => {
      const site = new Site(run, world, apis, realm);
      // The actions start one after the other, so that they do not disturb each other; the slow ones are not awaited.
      const trials: Promise<void>[] = [];
      for (const action of actions) {
        run.note(action.title);
        trials.push(...trialsOf(action, site));
        await Promise.race([Promise.all(trials), delay(1_500)]);
      }
      await Promise.all(trials);
    });
  },
};

function trialsOf(action: Action, site: Site): Promise<void>[] {
  const { modes, put } = site.run;
  return modes.flatMap((mode) => {
    const why = action.without(mode);
    return trustTimes.map(async (trust) => {
      const row = `${action.id}/${trust}`;
      if (why !== undefined) return put(notApplicable(mode, row, why));
      const seconds: number[] = [];
      for (let time = 0; time < (site.run.full ? enoughSamples : 1); time += 1)
        seconds.push(await site.secondsUntilRefused(mode, action, trust));
      put({ ...found(seconds), mode: mode.id, row, evidence: evidenceOf(site.world, mode, action) });
    });
  });
}

/** The APIs of an experiment, each opened by the first trial that needs it. */
class Site {
  readonly #apis = new Map<string, Promise<Api>>();

  constructor(
    readonly run: Run,
    readonly world: World,
    private readonly apis: Apis,
    private readonly realm: Realm,
  ) {}

  /** Returns Infinity where the credential worked until it expired, or until the limit. */
  async secondsUntilRefused(mode: Mode, action: Action, trust: number): Promise<number> {
    const realm = action.alone ? await this.world.newRealm({ tokenSeconds }) : this.realm;
    const api = await this.#api(mode, trust, realm);
    // Taken before the token is issued: on a busy machine its first use may be seconds later.
    const expires = performance.now() + tokenSeconds * 1000;
    const { headers, ...records } = await issue(this.world, mode.kind, { realm });
    const ask = () => statusOf(`${api.url}/todos`, headers);
    const first = await ask();
    if (first !== 200) throw new Error(`${mode.id}: a fresh credential was answered ${first}`);
    await action.perform(this.world, { headers, ...records }, realm);
    const began = performance.now();
    for (let sent = began; sent < began + patienceSeconds * 1000; sent = performance.now()) {
      const status = await ask();
      if (status === 401 || status === 403) return sent > expires - 1_500 ? Infinity : (sent - began) / 1000;
      await delay(pauseMs(sent - began));
    }
    return Infinity;
  }

  #api(mode: Mode, trust: number, realm: Realm): Promise<Api> {
    const key = `${mode.id} ${trust} ${realm.applicationId}`;
    const more = {
      CREDENTIAL_CACHE_SECONDS: String(trust),
      CLOCK_SKEW_SECONDS: String(clockSkewSeconds),
    };
    const known = this.#apis.get(key) ?? openIn(this.world, this.apis, mode, { settings: more, realm });
    this.#apis.set(key, known);
    return known;
  }
}

function found(seconds: readonly number[]): Omit<Finding, 'mode' | 'row'> {
  const middle = median(seconds);
  const samples = seconds.length;
  if (!Number.isFinite(middle))
    return { value: atExpiry, text: 'not before it expires', rating: 'poor', samples };
  const value = rounded(middle);
  const few = samples < enoughSamples ? { tooFewSamples: true } : {};
  const p95 = samples > 1 ? `, p95 ${rounded(percentile(seconds, 0.95))} s` : '';
  return { value, text: `${value} s${p95}`, rating: value < 2 ? 'good' : 'fair', samples, ...few };
}

/** Returns the evidence. An offline check is our own code; elsewhere FusionAuth decides. */
function evidenceOf(world: World, mode: Mode, { id }: Action) {
  if (takesWebhooks(mode)) return world.fact('13', 'D');
  if (!mode.asksFusionAuth) return { kind: 'measured' } as const;
  if (id === 'delete-key' || id === 'expire-key') return world.fact('9', 'D');
  if (mode.environment['JWT_VALIDATION'] === 'introspection')
    return world.fact('7', id === 'withdraw-signing-key' ? 'I' : 'U');
  return id === 'withdraw-signing-key' ? ({ kind: 'measured' } as const) : world.fact('7', 'D');
}
