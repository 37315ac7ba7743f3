import type { Logger, Secret } from '#gatehouse/platform';

const answerWithinMs = 5_000;

/**
 * Reports a completed run to a monitor by a POST; the monitor alerts if none arrives. Never throws, because a monitor
 * that is down does not invalidate a run. The URL is a secret, because anybody who knows it can silence the monitor.
 */
export async function sendHeartbeat(url: Secret | undefined, log: Logger): Promise<void> {
  if (url === undefined) return;
  try {
    const response = await fetch(url.reveal(), {
      method: 'POST',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await response.body?.cancel();
    if (!response.ok) log.warn({ status: response.status }, 'the monitor refused the heartbeat');
  } catch (error) {
    // Not the message, which may contain the URL.
    log.warn({ reason: (error as Error).name }, 'the heartbeat was not sent');
  }
}
