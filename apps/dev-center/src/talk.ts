import type { HandOver } from './issuers/issuer.js';

/** Whoever gave a command: told how it goes, and handed the secret. */
export interface Talk {
  /** Who it is, as the audit trail will say. */
  readonly actor: string;
  readonly tell: (text: string) => void;
  /** Resolves once the secret is where it belongs; throws when it did not get there. Nothing counts as issued before. */
  readonly handOver: (handOver: HandOver) => Promise<void>;
}
