import type { Unmailable } from './mailable.js';

/** The result of a run: what it did, and what it left undone. */
export interface RunReport extends Unmailable {
  /** Open todos due in the window that was read. */
  readonly todosFound: number;
  readonly mailsSent: number;
  /** Mails that wait for another attempt, and those that this run gave up. */
  readonly failed: number;
  /** Mails whose delivery is unknown and needs a decision. */
  readonly held: number;
  /** Mails that another worker, alive or dead, may send until its lease expires. */
  readonly leased: number;
  /** Todos that wait for their person's next digest. */
  readonly waiting: number;
  /** Todos that were finished, deleted or rescheduled between planning and sending. */
  readonly dropped: number;
}

/** Returns whether mails are left that need another run or a decision. */
export const isWorkLeft = ({ failed, held, leased }: RunReport): boolean => failed + held + leased > 0;

export function inWords(report: RunReport): string {
  const { leased, dropped } = report;
  const cause = report.failed + report.held > 0 ? ` ("npm run reminder -- ledger" says why)` : '';
  const parts = [
    `${counted(report.todosFound, 'todo')} found, ${counted(report.mailsSent, 'mail')} sent, ` +
      `${report.failed} failed, ${report.held} held${cause}`,
    ...(leased > 0 ? [`${counted(leased, 'mail')} waiting for another worker's lease`] : []),
    `${counted(report.waiting, 'todo')} postponed to a later digest`,
    ...(dropped > 0 ? [`${dropped} finished or rescheduled before they were mailed`] : []),
    ...unmailableInWords(report),
  ];
  return `${parts.join('; ')}.`;
}

/** Returns a phrase for each reason why todos cannot be mailed. */
export const unmailableInWords = ({ withoutAddress, unusableAddress }: Unmailable): string[] => [
  ...(withoutAddress > 0 ? [`${counted(withoutAddress, 'todo')} of owners without a verified address`] : []),
  ...(unusableAddress > 0
    ? [`${counted(unusableAddress, 'todo')} of owners whose address cannot be mailed`]
    : []),
];

export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
