import { terminalProgress } from './run-progress.js';
import type { RunReport } from './run-report.js';

describe('the progress on a terminal', () => {
  it('rewrites one line, not too often, and takes it away in the end', async () => {
    let shown = '';
    const progress = terminalProgress({ write: (text) => (shown += text) });
    const pause = () => new Promise((resolve) => setTimeout(resolve, 110));

    progress.toSend(1_234);
    progress.found(1_000);
    progress.found(2_000);
    await pause();
    progress.found(12_000);
    await pause();
    progress.sent(7);
    progress.completed({} as RunReport);

    expect(shown.split('\r\u001b[K')).toEqual([
      '',
      'reading: 1,000 todos',
      'reading: 12,000 todos',
      'sending: 7 of 1,234 mails',
      '',
    ]);
  });
});
