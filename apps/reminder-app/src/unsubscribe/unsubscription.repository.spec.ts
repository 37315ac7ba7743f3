import {
  bySmtp,
  dead,
  failed,
  type LedgerWorld,
  startLedgerWorld,
  unknown,
} from '../../../../test/support/ledger-world.js';

describe('unsubscribing', () => {
  let world: LedgerWorld;

  beforeAll(async () => (world = await startLedgerWorld()));
  afterAll(() => world.close());
  beforeEach(() => world.clear());

  it('deletes planned mails, even one that a worker holds', async () => {
    await world.plan('ada@example.com', 'bruno@example.com');
    const mail = await world.holdNext();

    await world.people.unsubscribe('ada@example.com');
    await world.people.unsubscribe('bruno@example.com');

    expect(await world.ledger.begin(mail.id)).toBeUndefined();
    expect(await world.states()).toEqual([]);
  });

  it('prevents another attempt of a mail that was being sent, which recovery then deletes', async () => {
    await world.plan('ada@example.com', 'bruno@example.com');
    const [first] = [await world.beginNext(), await world.beginNext()];
    await world.people.unsubscribe('ada@example.com');
    await world.people.unsubscribe('bruno@example.com');
    await world.ledger.settle(first.mail.id, first.attempt, failed);
    await world.passRetryTime();

    const again = await world.holdNext();
    expect(await world.ledger.begin(again.id)).toBeUndefined();
    await world.ledger.recover({ ...bySmtp, idempotent: true, alone: true });
    expect(await world.states()).toEqual([]);
  });

  it('prevents new mails until the person resubscribes', async () => {
    await world.people.unsubscribe('ada@example.com');
    expect(await world.people.isUnsubscribed('ada@example.com')).toBe(true);
    await world.plan('ada@example.com');
    expect(await world.states()).toEqual([]);

    await world.people.resubscribe('ada@example.com');
    expect(await world.people.isUnsubscribed('ada@example.com')).toBe(false);
    await world.plan('ada@example.com');
    expect(await world.states()).toEqual(['planned']);
  });

  it('prevents recovery and the operator from resending unknown and dead mails', async () => {
    await world.plan('ada@example.com', 'ada@example.com', 'bruno@example.com');
    await world.settleNext(unknown);
    await world.settleNext(dead);
    await world.people.unsubscribe('ada@example.com');
    await world.people.unsubscribe('bruno@example.com');

    await world.ledger.recover({ ...bySmtp, onUnknown: 'resend' });

    expect(await world.review.resolve('all', 'resend')).toBe(0);
    expect(await world.review.retry('all')).toBe(0);
    expect((await world.states()).sort()).toEqual(['dead', 'unknown']);
  });
});
