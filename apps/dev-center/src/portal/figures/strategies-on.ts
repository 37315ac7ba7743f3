import { z } from 'zod';
import { type StrategyName, strategyNames } from '#gatehouse/auth';
import type { DevCenterConfig } from '../../config.js';

const description = z.object({
  components: z.object({ securitySchemes: z.record(z.string(), z.unknown()) }),
});
const freshMs = 5_000;
const withinMs = 1_000;

interface Known {
  readonly at: number;
  readonly configured: DevCenterConfig['AUTH_STRATEGY'];
  readonly on: Promise<readonly StrategyName[] | undefined>;
}

/**
 * Returns the strategies that the Todo API accepts, from its own description, or from AUTH_STRATEGY as it is known
 * here if it does not answer. Undefined if neither is available. An answer is cached for a few seconds, and while
 * AUTH_STRATEGY is unchanged.
 */
export function strategiesOn(config: DevCenterConfig): () => Promise<readonly StrategyName[] | undefined> {
  let known: Known | undefined;
  return () => {
    const now = performance.now();
    const { AUTH_STRATEGY: configured } = config;
    if (!known || now - known.at > freshMs || known.configured !== configured)
      known = { at: now, configured, on: ask(config) };
    return known.on;
  };
}

async function ask({ TODO_API_URL, AUTH_STRATEGY }: DevCenterConfig) {
  if (TODO_API_URL === undefined) return AUTH_STRATEGY;
  try {
    const answer = await fetch(`${TODO_API_URL}/openapi.json`, { signal: AbortSignal.timeout(withinMs) });
    const { securitySchemes } = description.parse(await answer.json()).components;
    return strategyNames.filter((name) => name in securitySchemes);
  } catch {
    return AUTH_STRATEGY;
  }
}
