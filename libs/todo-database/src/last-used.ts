import type { Principal } from '#gatehouse/auth';
import type { Clock, Logger } from '#gatehouse/platform';
import { type CredentialKey, credentialOf, sessionCredential } from './credential-of.js';
import type { LastUsedRepository, Use } from './last-used.repository.js';

const writeEveryMs = 30_000;
/** Beyond this number a credential is only noted after the next write: users are principals too, in any number. */
const maxUses = 10_000;

export interface LastUsedParts {
  readonly repository: Pick<LastUsedRepository, 'write'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Records when each credential was last used: in memory during requests, written in one statement every 30 s and at
 * the end.
 */
export class LastUsed {
  #uses = new Map<string, Use>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: LastUsedParts) {}

  /** Notes a use; costs the request one look-up in a map, two if there is a session. */
  note(principal: Principal): void {
    const { via, kind, subject, sessionId } = principal;
    this.#noteUse(`${via} ${kind} ${subject}`, () => credentialOf(principal));
    if (sessionId !== undefined) this.#noteUse(`session ${sessionId}`, () => sessionCredential(sessionId));
  }

  #noteUse(key: string, credential: () => CredentialKey): void {
    const at = this.parts.clock();
    const known = this.#uses.get(key);
    if (known) known.at = at;
    else if (this.#uses.size < maxUses) this.#uses.set(key, { ...credential(), at });
  }

  start(): void {
    this.#timer = setInterval(() => void this.write(), writeEveryMs).unref();
  }

  /** Writes the uses. Never throws: uses that cannot be written stay for the next time. */
  async write(): Promise<void> {
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    try {
      await this.parts.repository.write([...uses.values()]);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'last uses of credentials not written; retrying later');
      for (const [key, later] of this.#uses) if (uses.has(key) || uses.size < maxUses) uses.set(key, later);
      this.#uses = uses;
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }
}
