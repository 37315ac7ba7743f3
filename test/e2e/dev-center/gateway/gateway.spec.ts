import { credentialFaces } from '../../../../apps/dev-center/src/cli/faces.js';
import { sweep } from '../../../../apps/dev-center/src/lifecycle/sweep.js';
import { faults } from '../../../../tools/measure/src/fault-proxy.js';
import { strategies } from '../center-world.js';
import {
  behind,
  center,
  gateways,
  issued,
  minutes,
  passed,
  roles,
  stateOf,
  tried,
  unavailable,
  world,
} from './gateway-ground.js';

/** Expects that a sweep leaves the credentials overdue and working, and ends them once FusionAuth is reachable. */
async function expectEndedOnceReachable(all: readonly Awaited<ReturnType<typeof issued>>[]) {
  const expectEach = async (state: string, working: boolean) => {
    await sweep(center());
    for (const { id, strategy, works } of all)
      expect([strategy, await stateOf(id), await works()]).toEqual([strategy, state, working]);
  };
  await expectEach('overdue', true);
  await behind(faults.none);
  await expectEach('ended', false);
}

let turn = 0;
describe.each(gateways)('behind a gateway that answers %s', (_what, answer) => {
  const each = () => {
    turn += 1;
    return Promise.all(strategies.map((strategy) => issued(`gateway-${turn}-${strategy}`, strategy)));
  };

  it('a revoked credential is not recorded as ended while it works, and ends once FusionAuth is reachable', async () => {
    const all = await each();
    await behind(answer);
    for (const { id, strategy } of all) {
      const { exitCode, message } = await tried('revoke', { id });
      expect([strategy, exitCode, message]).toEqual([strategy, 4, expect.stringContaining('is NOT revoked')]);
    }
    await expectEndedOnceReachable(all);
  });

  it('no rotation starts, and the old credential is unchanged', async () => {
    const all = await each();
    await behind(answer);
    for (const { id, client, strategy, works } of all) {
      expect(await tried('rotate', { client, strategy })).toEqual({ handedOver: [], ...unavailable });
      expect([strategy, await stateOf(id), await works()]).toEqual([strategy, 'active', true]);
    }
  });

  it('an overlap that ends is recorded only after FusionAuth has revoked the old credential', async () => {
    const all = await each();
    for (const { client, strategy } of all) {
      const { handedOver } = await tried('rotate', { client, strategy, overlap: '10m' }, () =>
        behind(answer),
      );
      expect(handedOver).toHaveLength(1);
      await behind(faults.none);
    }
    await behind(answer);
    await sweep(center());
    // There is nothing to tell FusionAuth about the end of an entity before its time has come.
    const untold = all.filter(({ strategy }) => strategy !== 'client-credentials');
    for (const { id } of untold) expect(await stateOf(id)).toBe('active');
    passed(minutes(10));
    await expectEndedOnceReachable(all);
  });

  it('issue, provision, review and doctor report that FusionAuth is unavailable, and change nothing', async () => {
    const [one] = await each();
    await behind(answer);
    world.sandbox.requests.clear();
    turn += 1;
    for (const strategy of strategies) {
      expect(await tried('issue', { client: `gateway-${turn}-${strategy}`, strategy, roles })).toEqual({
        handedOver: [],
        ...unavailable,
      });
    }
    for (const dryRun of [true, false])
      expect(await tried('provision', { dryRun })).toMatchObject({ exitCode: 4 });
    const { findings } = (await tried('review')).result as {
      findings: { credential: string; kind: string }[];
    };
    expect(findings.filter(({ credential }) => credential === one?.id)).toMatchObject([{ kind: 'unseen' }]);
    const { result } = await tried('doctor');
    expect(credentialFaces['doctor']!.exitCode?.(result as object)).toBe(4);
    const asked = Object.keys(world.sandbox.requests.counts());
    expect(asked.filter((operation) => !operation.startsWith('GET '))).toEqual([]);
  });
});
