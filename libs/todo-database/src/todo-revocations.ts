import type { Revocation, RevocationMemory, RevocationNews, RevocationReading, Turn } from '#gatehouse/auth';
import type { SharedRevocations } from '#gatehouse/revocations';
import type { TodoStore } from './todo-store.js';

const notMine: Turn = { mine: false, doneUntil: undefined };

/**
 * Revocations in the todo database, for a guard that starts before the database is migrated: until then nothing is
 * read, recording rejects, and no turn is taken.
 */
export class TodoRevocations implements RevocationMemory {
  readonly #listeners = new Set<() => void>();
  #reading: Promise<RevocationReading> | undefined;

  constructor(
    private readonly store: Pick<TodoStore, 'migrated'>,
    private readonly shared: SharedRevocations,
  ) {}

  isReady(): boolean {
    return this.store.migrated;
  }

  /**
   * Makes the guard read the active revocations once the database is migrated; otherwise it would notice later.
   * Resolves when they are read, or cannot be read now. Rejects with an ExitError (78) if notifications of other
   * replicas can never arrive.
   */
  async opened(): Promise<void> {
    await this.shared.start();
    for (const onNews of this.#listeners) onNews();
    await this.#reading?.catch(() => undefined);
  }

  record(revocations: readonly Revocation[]): Promise<number> {
    return this.shared.memory.record(revocations);
  }

  read(mark?: string): Promise<RevocationReading> {
    return (this.#reading = this.shared.memory.read(mark));
  }

  listen(onNews: () => void): RevocationNews {
    const news = this.shared.memory.listen(onNews);
    this.#listeners.add(onNews);
    const close = () => {
      this.#listeners.delete(onNews);
      return news.close();
    };
    return { problem: () => news.problem(), close };
  }

  async takeTurn(name: string, everyMs: number): Promise<Turn> {
    return this.isReady() ? this.shared.memory.takeTurn(name, everyMs) : notMine;
  }

  endTurn(name: string, doneUntil: number): Promise<void> {
    return this.shared.memory.endTurn(name, doneUntil);
  }
}
