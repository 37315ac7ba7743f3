import type { RunReport } from './run-report.js';

/** The progress of a run, for a display. Each call reports the count so far. */
export interface RunProgress {
  found(todos: number): void;
  /** The number of mails that wait to be sent. */
  toSend(mails: number): void;
  sent(mails: number): void;
  completed(report: RunReport): void;
}

export const noProgress: RunProgress = {
  found: () => {},
  toSend: () => {},
  sent: () => {},
  completed: () => {},
};

/** Shows a run on one line of a terminal, at most ten times a second, and clears the line when it is over. */
export function terminalProgress(
  terminal: { write(text: string): unknown },
  clock = () => performance.now(),
): RunProgress {
  let shownAt = -Infinity;
  let total = 0;
  const show = (text: string) => {
    if (clock() - shownAt < 100) return;
    shownAt = clock();
    terminal.write(`\r\u001b[K${text}`);
  };
  const counted = (count: number) => count.toLocaleString('en');
  return {
    found: (todos) => show(`reading: ${counted(todos)} todos`),
    toSend: (mails) => (total = mails),
    sent: (mails) => show(`sending: ${counted(mails)} of ${counted(Math.max(total, mails))} mails`),
    completed: () => void terminal.write('\r\u001b[K'),
  };
}
