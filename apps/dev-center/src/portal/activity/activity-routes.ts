import { issuers } from '../../issuers/index.js';
import { listed } from '../credentials/listed.js';
import { page } from '../pages/answer.js';
import type { Routes } from '../routes.js';
import { type Count, readAuthentications } from './authentications.js';

/** The meaning of each outcome in the metrics, the acceptance first. */
const outcomes: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  missing: 'no credential presented',
  malformed: 'not a well-formed credential',
  rejected: 'unknown, expired or revoked',
  forbidden: 'lacks the role',
  throttled: 'too many attempts',
  unavailable: 'could not be checked',
};

/** The width of the chart, in its own units. */
const barWidth = 400;

/** Shows when credentials were last used, and how the Todo API judged requests. */
export function addActivityRoutes({ ownPage, portal: { context } }: Routes): void {
  ownPage('/activity', async ({ access, actor }) => {
    const [clients, all, counts] = await Promise.all([
      access.clients(),
      listed(context, actor),
      readAuthentications(context.config.TODO_API_METRICS_URL),
    ]);
    const own = new Set(clients.map(({ name }) => name));
    const credentials = all
      .filter(({ client }) => own.has(client))
      .toSorted((one, other) => (other.lastUsedAt ?? '').localeCompare(one.lastUsedAt ?? ''));
    return page('activity', 'Activity', { credentials, issuers, bars: counts && barsOf(counts) });
  });
}

/** Returns a bar for each outcome that occurred, with its strategies. */
function barsOf(counts: readonly Count[]) {
  const sums = Object.entries(outcomes).map(([outcome, meaning]) => {
    const parts = counts.filter((one) => one.outcome === outcome && one.count > 0);
    return { outcome, meaning, parts, count: parts.reduce((sum, { count }) => sum + count, 0) };
  });
  const highest = Math.max(1, ...sums.map(({ count }) => count));
  return sums
    .filter(({ count }) => count > 0)
    .map((sum) => ({ ...sum, width: Math.max(3, Math.round((sum.count / highest) * barWidth)) }));
}
