import { inWords, isWorkLeft, type RunReport } from './run-report.js';

const nothing: RunReport = {
  todosFound: 0,
  mailsSent: 0,
  failed: 0,
  held: 0,
  leased: 0,
  waiting: 0,
  dropped: 0,
  withoutAddress: 0,
  unusableAddress: 0,
};

describe('the report of a run', () => {
  it.each<[Partial<RunReport>, string]>([
    [{}, '0 todos found, 0 mails sent, 0 failed, 0 held; 0 todos postponed to a later digest.'],
    [
      { todosFound: 1, mailsSent: 1, waiting: 1 },
      '1 todo found, 1 mail sent, 0 failed, 0 held; 1 todo postponed',
    ],
    [{ held: 2 }, '2 held ("npm run reminder -- ledger" says why)'],
    [{ failed: 1 }, '1 failed, 0 held ("npm run reminder -- ledger" says why)'],
    [{ leased: 78 }, "; 78 mails waiting for another worker's lease; "],
    [{ dropped: 3 }, '; 3 finished or rescheduled before they were mailed.'],
    [{ withoutAddress: 15 }, '; 15 todos of owners without a verified address.'],
    [{ unusableAddress: 1 }, '; 1 todo of owners whose address cannot be mailed.'],
  ])('describes %j as: %s', (report, words) => {
    expect(inWords({ ...nothing, ...report })).toContain(words);
  });

  it.each<[keyof RunReport, boolean]>([
    ['failed', true],
    ['held', true],
    ['leased', true],
    ['mailsSent', false],
    ['waiting', false],
    ['dropped', false],
    ['withoutAddress', false],
  ])('has work left if %s is above 0: %s', (field, isLeft) => {
    expect(isWorkLeft({ ...nothing, [field]: 1 })).toBe(isLeft);
  });
});
