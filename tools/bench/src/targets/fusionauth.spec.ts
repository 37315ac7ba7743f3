import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createAuthenticator } from '#gatehouse/auth';
import { createLogger } from '#gatehouse/platform';
import { tokenMinter } from '../../../issuer/src/token-minter.js';
import { Bench, identity } from '../bench.js';
import { credentials, environmentOf, type RemoteStrategy } from '../experiments/credentials.js';
import { configOf } from './guards/config.js';

describe('the stand-in for FusionAuth', () => {
  let process: ChildProcess;
  let fusionAuthUrl: string;
  let bench: Bench;

  async function ask(name: string, value?: unknown): Promise<unknown> {
    process.send({ id: 1, name, value });
    const [answer] = (await once(process, 'message')) as [{ value: unknown }];
    return answer.value;
  }

  beforeAll(async () => {
    bench = new Bench(true, tokenMinter(), () => undefined);
    const hooks = join(import.meta.dirname, '../../../../test/support/run-typescript.mjs');
    process = fork(join(import.meta.dirname, 'fusionauth.ts'), [JSON.stringify(identity)], {
      execArgv: ['--conditions=source', '--import', hooks],
      env: {},
    });
    fusionAuthUrl = (await ask('ready')) as string;
    await ask('behave', { keys: [bench.minter.jwk] });
  });

  afterAll(async () => {
    process.disconnect();
    await once(process, 'exit');
  });

  it.each<RemoteStrategy>(['introspection', 'api-key', 'email-token'])(
    'lets the guard tell good from bad by %s',
    async (strategy) => {
      const environment = environmentOf[strategy];
      const authenticator = createAuthenticator(configOf({ ...identity, fusionAuthUrl, environment }), {
        log: createLogger('bench', 'silent'),
      });
      await authenticator.start();
      const { good, bad } = await credentials(bench, strategy, 1);
      const kindOf = async (headers: Readonly<Record<string, string>> = {}) => {
        const { verdict } = await authenticator.authenticate({
          requestId: 'r1',
          address: '192.0.2.1',
          method: 'GET',
          url: '/guarded',
          header: (name) =>
            Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : [])),
        });
        return verdict.ok ? 'accepted' : verdict.failure.kind;
      };
      expect([await kindOf(good[0]), await kindOf(bad())]).toEqual(['accepted', 'rejected']);
      authenticator.close();
    },
  );
});
