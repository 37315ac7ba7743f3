import { publicFusionAuthUrl, publicTodoApiUrl } from '../../config.js';
import type { CommandContext } from '../../context.js';
import { issuers } from '../../issuers/index.js';
import type { Issued } from '../../lifecycle/issue.js';
import { page } from '../pages/answer.js';
import { nothingHere } from '../pages/page-problem.js';
import type { Routes } from '../routes.js';
import { timeLine } from './time-line.js';
import { type Places, usageOf } from './usage.js';

/** Adds the pages with the result of an order. Its secret is shown at the first visit and never again. */
export function addOrderRoutes({ ownPage, portal: { context, orders } }: Routes): void {
  ownPage('/orders/:key', async ({ session, params }) => {
    // Read before the only display of the secret: if FusionAuth is down the page can still be opened later.
    const places = await placesOf(context);
    const order = await orders.look(session.subject, params['key'] ?? '');
    if (!order) throw nothingHere();
    if (order.state === 'failed') throw order.error;
    if (order.state === 'working') return { ...page('working', 'Being created', order), againAfter: 2 };
    const { issued } = order;
    if (order.state === 'shown') return page('shown-once', 'Shown once', { issued });
    return page('secret', 'Your credential', {
      ...order,
      issuers,
      usage: usageOf(issued.strategy, order.handOver, places),
      secret: order.handOver.secret.value.reveal(),
      presented: order.handOver.presented?.reveal(),
      picture: pictureOf(issued, context.clock()),
      triable: context.config.TODO_API_URL !== undefined,
    });
  });
}

async function placesOf({ config, data }: CommandContext): Promise<Places> {
  const fusionauthUrl = publicFusionAuthUrl(config);
  const { token_endpoint: tokenUrl } = await data.readDiscovery();
  return {
    todoApiUrl: publicTodoApiUrl(config) ?? 'https://todos.example.com',
    fusionauthUrl,
    tokenUrl: tokenUrl.replace(config.FUSIONAUTH_URL, fusionauthUrl),
  };
}

/** Draws the validity of the old credential and of the new one; undefined if nothing is replaced. */
function pictureOf({ replaces, expiresAt, strategy }: Issued, now: number) {
  if (!replaces) return undefined;
  const to = expiresAt === null ? undefined : Date.parse(expiresAt);
  return timeLine(
    [
      { label: 'Previous credential', from: now - 3_600_000, to: Date.parse(replaces.endsAt), tone: 'old' },
      { label: `New ${issuers[strategy].title}`, from: now, to, tone: 'new' },
    ],
    now,
  );
}
