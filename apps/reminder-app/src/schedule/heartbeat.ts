import type { Logger, Secret } from '#gatehouse/platform';

const answerWithinMs = 5_000;

/**
 * Tells a monitor that a run has completed, by a POST; the monitor alarms when it hears nothing. Never throws: a run is
 * not worse for a monitor that is down. The URL is a secret, because knowing it is enough to keep the monitor quiet.
 */
export async function sendHeartbeat(url: Secret | undefined, log: Logger): Promise<void> {
  if (url === undefined) return;
  try {
    const response = await fetch(url.reveal(), {
      method: 'POST',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await response.body?.cancel();
    if (!response.ok) log.warn({ status: response.status }, 'the heartbeat was not taken');
  } catch (error) {
    const { name } = error as Error;
    log.warn(
      { reason: name === 'TimeoutError' ? `no answer within ${answerWithinMs} ms` : name },
      'no heartbeat',
    );
  }
}
