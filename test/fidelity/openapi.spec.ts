import { discrepancies } from '../support/openapi/discrepancies.js';
import { openApi } from '../support/openapi/validator.js';
import { startedSandbox } from '../e2e/sandbox/started-sandbox.js';
import { conversation } from './conversation.js';
import { converse } from './converse.js';
import type { Exchange } from './step.js';

let exchanges: readonly Exchange[];

beforeAll(async () => {
  const { sandbox, stop } = await startedSandbox();
  exchanges = await converse(sandbox, conversation);
  await stop();
});

const document = openApi();

describe('the sandbox', () => {
  it('answers every request with the status that FusionAuth documents', () => {
    expect(exchanges.map(({ title, status }) => ({ title, status }))).toEqual(
      conversation.map(({ title, status }) => ({ title, status })),
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
  it.each(discrepancies)('needs: $name', (one) => {
    const without = openApi(discrepancies.filter((other) => other !== one));
    const helped = exchanges.filter(
      (exchange) => without.problemsOf(exchange).length > document.problemsOf(exchange).length,
    );
    expect(helped).not.toHaveLength(0);
  });
});
