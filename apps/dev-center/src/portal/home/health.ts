import { publicFusionAuthUrl, publicTodoApiUrl } from '../../config.js';
import type { CommandContext } from '../../context.js';

/** The state of a part of the system. */
export interface PartHealth {
  readonly title: string;
  readonly url?: string | undefined;
  readonly state: 'good' | 'fair' | 'poor';
  readonly text: string;
  readonly milliseconds: number;
}

interface Part {
  readonly title: string;
  readonly url?: string | undefined;
  /** Resolves with what is wrong although the part answers, or undefined. Rejects if it does not answer. */
  readonly look: (signal: AbortSignal) => Promise<string | undefined>;
}

const withinMs = 1_000;
const freshMs = 1_000;

/**
 * Returns a function that checks the parts, within a second. Its callers share a check, and its result for another
 * second, so that visitors without a session cannot load the parts.
 */
export function healthOf(parts: readonly Part[]): () => Promise<readonly PartHealth[]> {
  let latest: Promise<readonly PartHealth[]> | undefined;
  return () => {
    latest ??= Promise.all(parts.map(check)).finally(() => {
      setTimeout(() => (latest = undefined), freshMs).unref();
    });
    return latest;
  };
}

async function check({ title, url, look }: Part): Promise<PartHealth> {
  const begun = performance.now();
  const signal = AbortSignal.timeout(withinMs);
  const late = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('no answer in time'))),
  );
  const milliseconds = () => Math.round(performance.now() - begun);
  try {
    const degraded = await Promise.race([look(signal), late]);
    const state = degraded === undefined ? 'good' : 'fair';
    return { title, url, state, text: degraded ?? 'answers', milliseconds: milliseconds() };
  } catch {
    return { title, url, state: 'poor', text: 'does not answer', milliseconds: milliseconds() };
  }
}

/** Returns the parts that the Dev Center itself uses. */
export function ownParts({ config, data, database }: CommandContext): Part[] {
  const { TODO_API_URL: todoApi } = config;
  return [
    ...(todoApi === undefined
      ? []
      : [
          {
            title: 'Todo API',
            url: publicTodoApiUrl(config),
            look: (signal: AbortSignal) => readiness(todoApi, signal),
          },
        ]),
    {
      title: 'FusionAuth',
      url: publicFusionAuthUrl(config),
      look: () => data.readIssuer().then(() => undefined),
    },
    { title: 'Database', look: () => database.pool.query('select 1').then(() => undefined) },
  ];
}

async function readiness(url: string, signal: AbortSignal): Promise<string | undefined> {
  const answer = await fetch(`${url}/readyz`, { signal });
  const { status, reasons = [] } = (await answer.json()) as { status?: string; reasons?: string[] };
  if (!answer.ok) return 'is not ready';
  return status === 'degraded' ? reasons.join('; ') : undefined;
}

/** Returns a check that anything answers at an address. */
export const answers = (url: string) => async (signal: AbortSignal) => {
  await fetch(url, { signal, redirect: 'manual' });
  return undefined;
};
