import { startedSandbox } from '../e2e/sandbox/started-sandbox.js';
import { discrepancies } from '../support/openapi/discrepancies.js';
import { openApiDocument } from '../support/openapi/document.js';
import { openApi } from '../support/openapi/validator.js';
import { conversation } from './conversation.js';
import { converse } from './converse.js';
import type { Exchange, Step } from './step.js';
import { entities } from './steps/entities.js';
import { everything } from './steps/ids.js';

/** For the sandbox only: nobody would remove this key from a real FusionAuth, which need not have a second tenant. */
const sandboxOnly: readonly Step[] = [
  {
    title: 'an Ed25519 key',
    request: 'POST /api/key/generate',
    authorization: everything,
    json: { key: { algorithm: 'Ed25519', name: 'Fidelity {run}' } },
    status: 200,
  },
  { title: 'the key set with it', request: 'GET /.well-known/jwks.json', status: 200 },
  {
    title: 'a tenant',
    request: 'POST /api/tenant',
    authorization: everything,
    json: { tenant: { name: 'Fidelity {run}' } },
    learn: { tenant: 'tenant.id' },
    status: 200,
  },
  {
    title: 'its deletion, asynchronously',
    request: 'DELETE /api/tenant/{tenant}?async=true',
    authorization: everything,
    status: 202,
  },
];
const steps = [...conversation, ...entities, ...sandboxOnly];
let exchanges: readonly Exchange[];

beforeAll(async () => {
  const { sandbox, stop } = await startedSandbox();
  exchanges = await converse(sandbox, steps);
  await stop();
});

const document = openApi();

describe('the sandbox', () => {
  it('answers every request with the status that FusionAuth documents', () => {
    expect(exchanges.map(({ title, status }) => ({ title, status }))).toEqual(
      steps.map(({ title, status }) => ({ title, status })),
    );
  });

  it('sends bodies that FusionAuth’s OpenAPI document allows, its known discrepancies corrected', () => {
    const problems = exchanges.flatMap((exchange) =>
      document.problemsOf(exchange).map((problem) => `${exchange.operation} ${exchange.status}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });
});

describe('the list of discrepancies', () => {
  it.each(discrepancies)('is needed: $name', (one) => {
    const without = openApi(discrepancies.filter((other) => other !== one));
    const helps = (exchange: Exchange) =>
      without.problemsOf(exchange).length > document.problemsOf(exchange).length;
    expect(exchanges.some(helps)).toBe(true);
  });
});

describe('GET /api/application, a probe that is often advised,', () => {
  it('is documented with its client secret, and sends it', () => {
    const { components } = openApiDocument();
    expect(components.schemas['OAuth2Configuration']?.properties).toHaveProperty('clientSecret');
    const { body } = exchanges.find(({ title }) => title === 'the application')!;
    expect(body).toHaveProperty('application.oauthConfiguration.clientSecret');
  });
});
