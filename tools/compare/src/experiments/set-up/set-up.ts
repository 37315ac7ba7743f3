import { createLogger } from '#gatehouse/platform';
import { createFusionAuthContext } from '../../../../../apps/dev-center/src/context.js';
import { type CallCounter, countCalls } from '../../dev-center/call-counter.js';
import { devCenterConfig } from '../../dev-center/issuers.js';
import type { Experiment, RowPlan, Run } from '../../experiment.js';
import type { Mode } from '../../modes.js';
import { openIn } from '../../world/apis.js';
import type { World } from '../../world/world.js';
import { findingsOf } from './findings.js';
import { type SetUp, setUpOne } from './one-set-up.js';
import { secretsOfApi } from './secrets-of-api.js';

const byDevCenter = 'The Dev Center’s own issuer makes the credential; every call to FusionAuth is counted';

const rows: readonly RowPlan[] = [
  {
    id: 'steps',
    title: 'Steps',
    better: 'lower',
    how: `${byDevCenter}, up to the client’s first 200. A page that is shown and sent back is one step.`,
  },
  {
    id: 'human-steps',
    title: 'Steps that need a person',
    better: 'lower',
    how: 'Those of the steps in which FusionAuth shows a page for a person to fill in. The Dev Center can fill in the log-in page only for a user that it created itself.',
  },
  {
    id: 'secrets',
    title: 'Secrets for the client to guard',
    better: 'lower',
    how: 'What the Dev Center outputs and the client must store.',
  },
  {
    id: 'api-secrets',
    title: 'Secrets for the API to guard',
    better: 'lower',
    how: 'The settings without which the guard does not start, or FusionAuth does not answer it.',
  },
  {
    id: 'plan',
    title: 'Plan needed',
    how: 'As FusionAuth’s documentation says; not measured.',
  },
  {
    id: 'renews-unattended',
    title: 'Renewed without a person',
    how: 'The client learns that its credential is refused, and makes its next request: renewed means that it then presents another credential, which the API accepts.',
  },
  {
    id: 'audited',
    title: 'Its use is recorded by FusionAuth',
    how: 'FusionAuth’s login records of the user are counted after the set-up and after further requests, with a cache time of 0.',
  },
  {
    id: 'first-200',
    title: 'From nothing to the first 200',
    unit: 's',
    better: 'lower',
    how: 'From the request for a credential to the first request that the API accepts, with the API running. A program fills in the log-in page.',
  },
];

/** Measures the steps to issue a credential, and to keep the client supplied. */
export const setUp: Experiment = {
  id: 'set-up',
  title: 'Set-up',
  question: 'What does it take to give a client a credential, and to renew it?',
  rows,
  async run(run) {
    const world = await run.ground.world();
    const counter = await countCalls(world.admin.url);
    try {
      // One after the other: the calls and times of two simultaneous ones could not be attributed.
      for (const mode of run.modes) {
        await setUpMode(run, { world, counter, mode });
        run.note(`${mode.id}: set up`);
      }
    } finally {
      await counter.close();
    }
  },
};

interface Site {
  readonly world: World;
  readonly counter: CallCounter;
  readonly mode: Mode;
}

async function setUpMode(run: Run, { world, counter, mode }: Site): Promise<void> {
  const log = createLogger('dev-center', 'silent');
  const context = createFusionAuthContext(devCenterConfig(world, mode, counter.url), { log });
  const apiSecrets = await secretsOfApi(world, mode);
  try {
    await run.ground.withApis(async (apis) => {
      const { url } = await openIn(world, apis, mode, { settings: { CREDENTIAL_CACHE_SECONDS: '0' } });
      const done: SetUp[] = [];
      for (let time = 0; time < (run.full ? 20 : 3); time += 1)
        done.push(await setUpOne(mode, { world, counter, context, url }));
      for (const finding of await findingsOf({ world, mode, done, apiSecrets })) run.put(finding);
    });
  } finally {
    await context.close();
  }
}
