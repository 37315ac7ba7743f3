import { auditBy } from './audit.js';
import { firstRequest } from './findings.js';
import { stepsIn } from './one-set-up.js';

const call = (name: string, page = false) => ({ name, page });

describe('the steps of a set-up', () => {
  it('are its calls; a page that is shown and sent back is one step, by a person', () => {
    const calls = [call('GET /a', true), call('POST /a'), call('POST /b')];
    expect(stepsIn(calls)).toEqual({ steps: 2, human: 1 });
    expect(stepsIn([call('POST /b')])).toEqual({ steps: 1, human: 0 });
  });
});

describe('what login records say', () => {
  it.each([
    [0, 4, false, 'no: 0 login records for 4 requests'],
    [1, 4, true, 'the log-in, not the requests: 1 login record for 4 requests'],
    [4, 4, true, 'yes, each check: 4 login records for 4 requests'],
  ])('when %i are found of %i requests', (records, requests, value, text) => {
    expect(auditBy(records, requests, { kind: 'measured' })).toMatchObject({ value, text });
  });
});

describe('the time of a set-up', () => {
  it('is the mean, marked as of few samples below five', () => {
    const few = firstRequest([{ seconds: 0.1 }, { seconds: 0.3 }]);
    expect(few).toEqual({ value: 0.2, text: '0.2 s', samples: 2, tooFewSamples: true });
  });

  it('has an interval from five samples on, not below zero', () => {
    const many = firstRequest([0.01, 0.01, 0.01, 0.01, 0.2].map((seconds) => ({ seconds })));
    expect(many).toMatchObject({ value: 0.048, samples: 5, interval: [0, expect.any(Number)] });
    expect(many).not.toHaveProperty('tooFewSamples');
  });
});
