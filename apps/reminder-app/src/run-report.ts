/** What a run did and left undone. */
export interface RunReport {
  /** Open todos due in the window that was read. */
  readonly todosFound: number;
  readonly mailsSent: number;
  /** Mails that wait for another attempt, and those that this run gave up. */
  readonly failed: number;
  /** Mails of unknown fate that wait for somebody to decide. */
  readonly held: number;
  /** Todos that wait for their person's next digest. */
  readonly waiting: number;
  /** Todos that were finished, deleted or moved between planning and sending. */
  readonly dropped: number;
  /** Todos that cannot be mailed, for their owner has no verified address. */
  readonly withoutAddress: number;
}

export function inWords(report: RunReport): string {
  const held = report.held > 0 ? ` ("reminder ledger" lists them)` : '';
  const dropped = report.dropped > 0 ? `, ${report.dropped} finished or moved before they were mailed` : '';
  return (
    `${counted(report.todosFound, 'todo')} found, ${counted(report.mailsSent, 'mail')} sent, ` +
    `${report.failed} failed, ${report.held} held${held}; ` +
    `${counted(report.waiting, 'todo')} for a later digest, ${report.withoutAddress} without a verified address${dropped}.`
  );
}

export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
