import {
  bySmtp,
  failed,
  type LedgerWorld,
  startLedgerWorld,
  unknown,
} from '../../../../test/support/ledger-world.js';

describe('recovery', () => {
  let world: LedgerWorld;

  beforeAll(async () => (world = await startLedgerWorld()));
  afterAll(() => world.close());
  beforeEach(() => world.clear());

  it('does not touch a mail that is being sent while its lease is valid', async () => {
    await world.plan('ada@example.com');
    await world.beginNext();

    await world.ledger.recover(bySmtp);

    expect(await world.states()).toEqual(['sending']);
    expect(await world.otherWorker.hold(1)).toEqual([]);
  });

  it('marks a mail as unknown if its worker stopped while sending it, because it may have arrived', async () => {
    await world.plan('ada@example.com');
    await world.beginNext();
    await world.expireLeases();

    await world.ledger.recover(bySmtp);

    expect(await world.states()).toEqual(['unknown']);
    expect(await world.ledger.hold(1)).toEqual([]);
    expect(await world.ledger.figures()).toMatchObject({ failed: 0, unknown: 1 });
  });

  it('does not wait for leases if no other worker can be running', async () => {
    await world.plan('ada@example.com', 'bruno@example.com');
    await world.beginNext();
    await world.holdNext();

    await world.ledger.recover({ ...bySmtp, alone: true });

    expect((await world.states()).sort()).toEqual(['planned', 'unknown']);
    expect(await world.otherWorker.hold(5)).toHaveLength(1);
  });

  it('plans such a mail again if the mailer is idempotent', async () => {
    await world.plan('ada@example.com');
    await world.beginNext();
    await world.expireLeases();

    await world.ledger.recover({ ...bySmtp, idempotent: true });

    expect(await world.beginNext()).toMatchObject({ mail: { id: 1 }, attempt: 2 });
  });

  it('resends an unknown mail twice with ON_UNKNOWN=resend, then leaves it to the operator', async () => {
    await world.plan('ada@example.com');
    const attempts: number[] = [];
    for (let run = 0; run < 5; run++) {
      await world.ledger.recover({ ...bySmtp, onUnknown: 'resend' });
      const [mail] = await world.ledger.hold(1);
      if (!mail) continue;
      const attempt = (await world.ledger.begin(mail.id))!.number;
      attempts.push(attempt);
      await world.ledger.settle(mail.id, attempt, unknown);
    }

    expect(attempts).toEqual([1, 2, 3]);
    expect(await world.states()).toEqual(['unknown']);
  });

  it('counts resends of an unknown mail, not its failed attempts', async () => {
    await world.plan('ada@example.com');
    for (let attempt = 1; attempt <= 3; attempt++) {
      await world.settleNext(failed);
      await world.passRetryTime();
    }
    await world.settleNext(unknown);

    await world.ledger.recover({ ...bySmtp, onUnknown: 'resend' });

    expect(await world.beginNext()).toMatchObject({ attempt: 5 });
  });

  it('lets a worker with an expired lease record its outcome, unless another worker has the mail', async () => {
    await world.plan('ada@example.com', 'bruno@example.com');
    const [first, second] = [await world.beginNext(), await world.beginNext()];
    await world.expireLeases();
    await world.ledger.recover(bySmtp);
    await world.review.resolve(second.mail.id, 'resend');
    expect(await world.beginNext()).toMatchObject({ mail: { id: second.mail.id }, attempt: 2 });

    await world.ledger.settle(first.mail.id, first.attempt, { state: 'sent' });
    await world.ledger.settle(second.mail.id, second.attempt, { state: 'dead', reason: 'too late to say' });

    expect(await world.states()).toEqual(['sent', 'sending']);
  });
});
