import { z } from 'zod';
import { type OwnReader, ownReader } from './own-reader.js';
import { type Call, type FusionAuthDataSettings, unexpected } from './transport.js';
import { FusionAuthUnavailable } from './unavailable.js';
import { readWebhookEvent, type WebhookEvent, type WebhookEventType } from './webhook-event.js';

export interface WebhookLogSearch {
  readonly type: WebhookEventType;
  /** Milliseconds since the epoch by FusionAuth's clock. */
  readonly since: number;
}

const pageAnswer = z.object({
  webhookEventLogs: z.array(z.object({ event: z.unknown() })).default([]),
});
/** An event contains its user, several kilobytes; the transport reads 256 kB. */
const pageSize = 25;

export type WebhookLog = ReturnType<typeof webhookLog>;

/**
 * Reads FusionAuth's log of its events, since 1.53, sent or not (FusionAuth docs, Webhook Event Log), with our own
 * narrow key. It also contains the events of refused transactions, which are handled like events that were lost.
 */
export function webhookLog(call: Call, settings: FusionAuthDataSettings) {
  const get = ownReader(call, settings);
  return {
    /**
     * Calls `GET /api/system/webhook-event-log/search`: the events of one type since an instant, oldest first, page
     * by page; undefined in place of one that cannot be read. Throws {@link FusionAuthRefusedUs} if our key is not
     * permitted.
     */
    search: (search: WebhookLogSearch) => events(get, search),
  };
}

async function* events(
  get: OwnReader,
  search: WebhookLogSearch,
): AsyncGenerator<WebhookEvent | undefined, void, undefined> {
  let startRow = 0;
  let size = pageSize;
  for (;;) {
    const page = await readPage(get, search, { startRow, size });
    if (page === 'too-long' && size > 1) {
      size = Math.ceil(size / 2);
      continue;
    }
    const entries = page === 'too-long' ? [undefined] : page;
    for (const entry of entries) yield entry && readWebhookEvent(entry.event);
    if (entries.length < size) return;
    startRow += entries.length;
    size = pageSize;
  }
}

async function readPage(
  get: OwnReader,
  { type, since }: WebhookLogSearch,
  { startRow, size }: { startRow: number; size: number },
) {
  const query = new URLSearchParams({
    eventType: type,
    start: String(since),
    orderBy: 'insertInstant ASC',
    startRow: String(startRow),
    numberOfResults: String(size),
  });
  const path = `/api/system/webhook-event-log/search?${query.toString()}`;
  try {
    const page = await get('webhook log', path, pageAnswer);
    // FusionAuth before 1.53 does not have this log.
    if (!page) throw unexpected('webhook log', { status: 404, body: undefined });
    return page.webhookEventLogs;
  } catch (error) {
    if (error instanceof FusionAuthUnavailable && error.tooLong) return 'too-long';
    throw error;
  }
}
