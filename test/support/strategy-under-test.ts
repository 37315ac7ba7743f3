import { type Carrier, readerOf } from '../../libs/auth/src/core/carrier.js';
import type { RequestFacts } from '../../libs/auth/src/core/facts.js';
import type { Refusal } from '../../libs/auth/src/core/failure.js';
import type { CredentialStrategy, Verdict } from '../../libs/auth/src/core/strategy.js';

type Extracted<C> = undefined | Refusal | { readonly credential: C };

/** Extracts the credential from a request that has at most one, by the strategy alone, without layers. */
export function extractFrom<C>(
  { consumes, extract }: Pick<CredentialStrategy<C>, 'consumes' | 'extract'>,
  request: Partial<RequestFacts>,
): Extracted<C> {
  const facts = {
    method: 'GET',
    address: '192.0.2.1',
    header: () => [],
    ...request,
  } as unknown as RequestFacts;
  const found = consumes.map((carrier: Carrier) => ({ carrier, held: readerOf(carrier)(facts) }));
  const one = found.find(({ held }) => held !== undefined);
  if (one?.held === undefined) return undefined;
  return typeof one.held === 'string' ? extract(one.held, one.carrier, facts) : one.held;
}

/** Verifies as the guard does, without the layers: offline first, then with FusionAuth. */
export async function verifyBy<C>(
  strategy: CredentialStrategy<C>,
  credential: C,
  signal = AbortSignal.timeout(2_000),
): Promise<Verdict> {
  if (!strategy.confirm) return strategy.judge(credential);
  if (!strategy.judge) return strategy.confirm(credential, signal);
  const judged = await strategy.judge(credential);
  return judged.ok ? strategy.confirm(credential, signal, judged) : judged;
}
