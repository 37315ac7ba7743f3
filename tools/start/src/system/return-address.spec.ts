import { createLogger, parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../../../../apps/dev-center/src/config.js';
import { createFusionAuthContext } from '../../../../apps/dev-center/src/context.js';
import { provision } from '../../../../apps/dev-center/src/provision/provision.js';
import { startedSandbox } from '../../../../test/e2e/sandbox/started-sandbox.js';
import { allowReturn } from './return-address.js';

const log = createLogger('test', 'silent');

describe('the addresses of a Dev Center on another port', () => {
  let running: Awaited<ReturnType<typeof startedSandbox>>;
  beforeAll(async () => (running = await startedSandbox()));
  afterAll(() => running.stop());

  /** Returns the changes that provisioning would still make, as the doctor of that Dev Center reports them. */
  async function lacking(port: number, allow: boolean): Promise<string[]> {
    const { sandbox } = running;
    const config = parseConfig(devCenterSchema, {
      ...sandbox.secrets,
      FUSIONAUTH_URL: sandbox.url,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    });
    if (allow) await allowReturn(config, sandbox);
    const context = createFusionAuthContext(config, { log });
    const { changes } = await provision(context, true);
    await context.close();
    return changes.map(({ text }) => text);
  }

  it('are in FusionAuth once it has started, so that the doctor finds nothing to correct', async () => {
    expect((await lacking(3_101, false)).join()).toMatch(
      /:3101\/callback.*deviceVerificationURL.*logoutURL|deviceVerificationURL.*logoutURL.*:3101\/callback/,
    );
    expect(await lacking(3_101, true)).toEqual([]);
    expect(await lacking(3_102, true)).toEqual([]);
  });
});
