import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gateways } from '../../../tools/gateways/src/gateways/index.js';
import { generate } from '../../../tools/gateways/src/generate.js';
import { describeWhere } from '../../support/describe-where.js';
import { endpointOf, forwardAuthGateways, policyFor } from './gateway.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { missingProgram, type ProgramName, programs } from './programs.js';

const configurations: (readonly [ProgramName, string])[] = [
  ['haproxy', 'haproxy-native'],
  ...(Object.entries(forwardAuthGateways) as [ProgramName, string][]),
];

for (const [program, configuration] of configurations) {
  describeWhere(missingProgram(program))(`the configuration ${configuration}`, () => {
    const gateway = gateways.find(({ name }) => name === configuration)!;
    let world: GatewayWorld;
    let directory: string;
    beforeAll(async () => {
      world = await startGatewayWorld();
      directory = mkdtempSync(join(tmpdir(), 'checked-'));
    });
    afterAll(async () => {
      rmSync(directory, { recursive: true });
      await world.close();
    });

    it.each(['header', 'cookie'] as const)(
      'passes the program’s own checker, for one service and for two, with the token in the %s',
      async (tokenLocation) => {
        const listen = { address: '127.0.0.1', port: 8080 };
        const policy = { ...policyFor(world, world.issuer.url), listen, tokenLocation };
        const { forwardAuth, audiences } = policy;
        const second = {
          ...endpointOf(world.issuer.url),
          // As long as a host name may be.
          hostname: ['a', 'b', 'c', 'd']
            .map((letter) => letter.repeat(63))
            .join('.')
            .slice(0, 253),
          audiences,
          forwardAuth,
        };
        for (const secondApi of [undefined, second]) {
          const checked = await generate(gateway, { ...policy, secondApi }, directory);
          expect(checked).toEqual({ outcome: 'passed', detail: expect.any(String) });
        }
      },
    );

    it('does not pass it when it is corrupted', async () => {
      appendFileSync(join(directory, configuration, programs[program].configuration), 'broken {\n');
      const { outcome } = (await gateway.check?.(join(directory, configuration))) ?? {};
      expect(outcome).toBe('failed');
    });
  });
}
