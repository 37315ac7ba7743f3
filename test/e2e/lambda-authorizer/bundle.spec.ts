import { readFileSync, statSync } from 'node:fs';
import { attack } from '../../../tools/attack/src/attack.js';
import { hostileKinds } from '../../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../../tools/attack/src/corpus/groups/legal.js';
import { type Issuer, startIssuer } from '../../../tools/attack/src/issuer/start-issuer.js';
import { mutations } from '../../../tools/attack/src/mutations/mutations.js';
import { developmentTarget, modes } from '../../../tools/attack/src/target.js';
import { guardEnvironment } from '../../hostile/guard-config.js';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { httpEvent, restEvent, throughGateway } from './api-gateway.js';
import { bundleInto, deploy } from './deployed-function.js';

const seed = Math.floor(Math.random() * 1e9);
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let issuer: Issuer;
let bundle: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  bundle = bundleInto(directory.path);
  issuer = await startIssuer({ port: 0, target: developmentTarget });
}, 60_000);
afterAll(async () => {
  await issuer.close();
  await directory.remove();
});

describe('the bundled function', () => {
  it('is one file of less than 1 MB, without a framework or a database', () => {
    expect(statSync(bundle).size).toBeLessThan(1_000_000);
    const text = readFileSync(bundle, 'utf8');
    for (const name of ['@nestjs', 'fastify', 'prisma', 'passport-jwt-', 'reflect-metadata'])
      expect(text).not.toContain(name);
    const loaded = [...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name = '']) => name);
    expect(loaded.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  const environmentOf = (mode: (typeof modes)[number]) => ({
    ...guardEnvironment(issuer, mode),
    FUSIONAUTH_ISSUER: issuer.target.issuer,
    AUTHORIZER_CACHE: 'off',
    ROLE_RULES: '* /me *; * /todos todo-reader',
    LOG_LEVEL: 'warn',
  });

  describe.each(modes)('in the mode %s', (mode) => {
    it.each([
      ['a REST API', restEvent],
      ['an HTTP API', httpEvent],
    ])(
      'refuses every hostile kind and accepts every legal one, as %s tells it',
      async (_api, eventOf) => {
        const deployed = await deploy(bundle, environmentOf(mode));
        const results = await attack({
          issuer,
          send: throughGateway(deployed, eventOf),
          paths: { any: '/me', role: '/todos' },
          hostile: [...hostileKinds, ...mutations(seed, 300)].filter(({ noticedBy }) =>
            noticedBy.includes(mode),
          ),
          legal: legalKinds.filter(({ acceptedBy }) => acceptedBy.includes(mode)),
        }).finally(() => deployed.close());
        const astray = [...results.hostile, ...results.legal]
          .filter(({ outcome, kind }) => outcome !== ('group' in kind ? 'refused' : 'accepted'))
          .map(({ kind, outcome, answer }) => [kind.name, outcome, answer?.status]);
        expect({ seed, astray }).toEqual({ seed, astray: [] });
        expect(results.hostile.length).toBeGreaterThan(mode === 'cookies' ? 10 : 300);
        expect(results.legal.length).toBeGreaterThan(0);
        expect(results.lured).toEqual([]);
      },
      60_000,
    );
  });
});
