import { terminalProgress } from './run-progress.js';
import type { RunReport } from './run-report.js';

describe('the progress on a terminal', () => {
  it('rewrites one line, not too often, and clears it at the end', () => {
    let shown = '';
    let now = 0;
    const progress = terminalProgress({ write: (text) => (shown += text) }, () => now);

    progress.toSend(1_234);
    progress.found(1_000);
    now += 99;
    progress.found(2_000);
    now += 1;
    progress.found(12_000);
    now += 100;
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
