import type { CommandIO } from '../../commands/command.js';
import type { HandOver } from '../../issuers/issuer.js';
import type { Issued } from '../../lifecycle/issue.js';
import { Receipts } from '../../local-rpc/receipts.js';

/** The state of an order, for the page that shows it. */
export type OrderState =
  | { readonly state: 'working'; readonly reports: readonly string[] }
  | {
      readonly state: 'ready';
      readonly issued: Issued;
      readonly handOver: HandOver;
      readonly reports: readonly string[];
    }
  | { readonly state: 'shown'; readonly issued: Issued }
  | { readonly state: 'failed'; readonly error: unknown };

type Run = (io: Pick<CommandIO, 'report' | 'deliver'>) => Promise<Issued>;

interface Order {
  readonly placedAt: number;
  readonly reports: string[];
  readonly done: Promise<Issued>;
  handOver?: HandOver & { readonly receipt: string };
  /** Resolves once there is something to show: a secret, or a failure. */
  readonly presentable: Promise<unknown>;
  settled: boolean;
  failed: boolean;
}

/**
 * How long an order is remembered, in milliseconds, so that sending its form again does not create a second
 * credential.
 */
const rememberedMs = 3_600_000;
/** How long the user who places an order waits for it, in milliseconds, before a page says that it is in progress. */
const patienceMs = 3_000;

/**
 * Credentials that are being issued for users in a browser. An order is identified by the key of the form that placed
 * it, so a form that is sent twice creates one credential. Its secret is shown once; until then nothing counts as
 * issued, as for every caller of a command, and a secret that nobody has viewed for a minute is revoked.
 */
export class Orders {
  readonly #orders = new Map<string, Order>();
  readonly #receipts = new Receipts();
  readonly #closing = new AbortController();

  /** Tells whether the form with this key was sent before, and its order did not fail. */
  isPlaced(person: string, key: string): boolean {
    return this.#orders.get(`${person} ${key}`)?.failed === false;
  }

  /** Places the order, unless it is already placed. Resolves once it can be shown, or after a while. */
  async place(person: string, key: string, run: Run): Promise<void> {
    const name = `${person} ${key}`;
    const known = this.isPlaced(person, key) ? this.#orders.get(name) : undefined;
    const order = known ?? this.#begin(run);
    this.#orders.set(name, order);
    this.#forgetOld();
    await Promise.race([order.presentable, delayed(patienceMs)]);
  }

  /**
   * Returns the state of an order; undefined if this user has not placed it. Includes a secret that was never shown.
   */
  async look(person: string, key: string): Promise<OrderState | undefined> {
    const order = this.#orders.get(`${person} ${key}`);
    if (!order) return undefined;
    const { handOver, reports } = order;
    delete order.handOver;
    // Active only with the receipt: if that fails, the secret is not shown.
    if (handOver) this.#receipts.arrived(handOver.receipt, undefined);
    else if (!order.settled) return { state: 'working', reports };
    return order.done.then(
      (issued) => (handOver ? { state: 'ready', issued, handOver, reports } : { state: 'shown', issued }),
      (error: unknown) => ({ state: 'failed', error }),
    );
  }

  /** Revokes credentials that have not been shown. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#orders.values()].map(({ done }) => done));
  }

  #begin(run: Run): Order {
    const secret = Promise.withResolvers<void>();
    const reports: string[] = [];
    const done = run({
      report: (text) => void reports.push(text),
      deliver: (handOver) => {
        const { id: receipt, arrival } = this.#receipts.expect(this.#closing.signal);
        order.handOver = { ...handOver, receipt };
        secret.resolve();
        return arrival.finally(() => delete order.handOver);
      },
    });
    const settled = Promise.allSettled([done]).then(([{ status }]) => {
      order.settled = true;
      order.failed = status === 'rejected';
    });
    const presentable = Promise.race([secret.promise, settled]);
    const order: Order = { placedAt: Date.now(), reports, done, presentable, settled: false, failed: false };
    return order;
  }

  #forgetOld(): void {
    for (const [name, { placedAt }] of this.#orders)
      if (Date.now() - placedAt > rememberedMs) this.#orders.delete(name);
  }
}

const delayed = (milliseconds: number) =>
  new Promise<void>((resolve) => void setTimeout(resolve, milliseconds).unref());
