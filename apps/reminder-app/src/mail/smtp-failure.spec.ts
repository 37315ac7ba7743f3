import { deliveryFailure, type SmtpError } from './smtp-failure.js';

const fault = (fields: Partial<SmtpError>): SmtpError => Object.assign(new Error('fault'), fields);

describe('the consequence of an SMTP fault', () => {
  it.each([
    [
      '450 to the recipient',
      { code: 'EENVELOPE', responseCode: 450 },
      false,
      { kind: 'later', serverDown: false },
    ],
    [
      '451 to the final dot',
      { code: 'EMESSAGE', responseCode: 451 },
      true,
      { kind: 'later', serverDown: false },
    ],
    ['550 to the recipient', { code: 'EENVELOPE', responseCode: 550 }, false, { kind: 'refused' }],
    ['554 to the final dot', { code: 'EMESSAGE', responseCode: 554 }, true, { kind: 'refused' }],
    ['a mail larger than the server takes', { code: 'EMESSAGE' }, false, { kind: 'refused' }],
    [
      '451 to the sender',
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 451 },
      false,
      { kind: 'later', serverDown: true },
    ],
    [
      '550 to the sender',
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 },
      false,
      { kind: 'later', serverDown: true },
    ],
    [
      '552 to the size',
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 552 },
      false,
      { kind: 'refused' },
    ],
    [
      '421 to the recipient',
      { code: 'EENVELOPE', responseCode: 421 },
      false,
      { kind: 'later', serverDown: true },
    ],
    [
      '421 to the final dot',
      { code: 'EMESSAGE', responseCode: 421 },
      true,
      { kind: 'later', serverDown: true },
    ],
    [
      '554 as the greeting',
      { code: 'EPROTOCOL', responseCode: 554 },
      false,
      { kind: 'later', serverDown: true },
    ],
    [
      '530 log in first',
      { code: 'EENVELOPE', responseCode: 530 },
      false,
      { kind: 'later', serverDown: true },
    ],
    ['535 to the log-in', { code: 'EAUTH', responseCode: 535 }, false, { kind: 'later', serverDown: true }],
    ['no TLS', { code: 'ETLS' }, false, { kind: 'later', serverDown: true }],
    ['nobody listening', { code: 'ESOCKET' }, false, { kind: 'later', serverDown: true }],
    ['silence before the final dot', { code: 'ETIMEDOUT' }, false, { kind: 'later', serverDown: true }],
    ['silence after the final dot', { code: 'ETIMEDOUT' }, true, { kind: 'unknown' }],
    ['a connection lost after the final dot', { code: 'ECONNECTION' }, true, { kind: 'unknown' }],
  ])('%s', (_title, fields, handedOver, expected) => {
    expect(deliveryFailure(fault(fields), handedOver)).toMatchObject(expected);
  });

  it('quotes the reply in one printable line of bounded length', () => {
    const response = `550 no\r\nFrom: eve\u001b[31m ${'x'.repeat(500)}`;

    const { reason } = deliveryFailure(fault({ code: 'EENVELOPE', responseCode: 550, response }), false);

    expect(reason).toMatch(/^550 no From: eve \[31m x+$/);
    expect(reason.length).toBe(200);
  });
});
