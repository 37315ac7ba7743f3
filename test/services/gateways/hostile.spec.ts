import { attack } from '../../../tools/attack/src/attack.js';
import { hostileKinds } from '../../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../../tools/attack/src/corpus/groups/legal.js';
import { sender } from '../../../tools/attack/src/request.js';
import { modes } from '../../../tools/attack/src/target.js';
import { modeSettings } from '../../hostile/guard-config.js';
import { describeWhere } from '../../support/describe-where.js';
import { endpointOf, forwardAuthGateways, policyFor, startGateway } from './gateway.js';
import type { GatewayProcess } from './gateway-process.js';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.js';
import { missingProgram, type ProgramName } from './programs.js';
import type { RecordingApi } from './recording-api.js';

const paths = { any: '/me', role: '/todos' };
/** The Todo API’s own rules: with them the corpus includes tokens without the role. */
const rules = '* /todos todo-reader; * / *';

for (const program of Object.keys(forwardAuthGateways) as ProgramName[]) {
  describeWhere(missingProgram(program))(`through ${program}, which asks forward-auth`, () => {
    let world: GatewayWorld;

    beforeAll(async () => {
      world = await startGatewayWorld();
    });
    afterAll(() => world.close());

    describe.each(modes)('in the mode %s', (mode) => {
      let api: RecordingApi;
      let gateway: GatewayProcess;

      beforeAll(async () => {
        const settings = modeSettings[mode];
        api = await world.startTodoApi(settings);
        const { url } = await world.startForwardAuth({ ...settings, ROLE_RULES: rules });
        gateway = await startGateway(program, {
          configuration: forwardAuthGateways[program],
          policy: { ...policyFor(world, api.url), forwardAuth: [endpointOf(url)] },
        });
      });
      afterAll(() => gateway.stop());

      const attacked = (kinds: Pick<Parameters<typeof attack>[0], 'hostile' | 'legal'>) =>
        attack({ ...kinds, issuer: world.issuer, send: sender(gateway.url), paths });

      it('refuses every hostile kind, and none reaches the API', async () => {
        const kinds = hostileKinds.filter(({ noticedBy }) => noticedBy.includes(mode));
        const { hostile, lured } = await attacked({ hostile: kinds, legal: [] });
        const astray = hostile.filter(({ outcome }) => outcome !== 'refused');
        expect(astray.map(({ kind, answer }) => [kind.group, kind.name, answer?.status])).toEqual([]);
        expect([hostile.length, api.take(), lured]).toEqual([kinds.length, [], []]);
      });

      it('passes every legal kind on to the Todo API, which accepts it too', async () => {
        const kinds = legalKinds.filter(({ acceptedBy }) => acceptedBy.includes(mode));
        const { legal } = await attacked({ hostile: [], legal: kinds });
        const refused = legal.filter(({ outcome }) => outcome !== 'accepted');
        expect(refused.map(({ kind, answer }) => [kind.name, answer?.status])).toEqual([]);
        expect([legal.length, api.take().length]).toEqual([kinds.length, kinds.length]);
      });
    });
  });
}
