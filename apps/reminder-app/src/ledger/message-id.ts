import { createHash } from 'node:crypto';

interface ReminderKey {
  readonly todoId: string;
  readonly dueAt: Date;
  readonly recipient: string;
}

/**
 * Returns the Message-ID (RFC 5322 section 3.6.4) of the digest of these reminders. It depends only on their keys, so
 * that a digest sent again, even by a worker that lost its ledger, is recognisable as the same mail.
 */
export function messageIdOf(keys: readonly ReminderKey[], domain: string): string {
  const lines = keys.map(({ todoId, dueAt, recipient }) => `${todoId} ${dueAt.toISOString()} ${recipient}`);
  return `<${createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 40)}@${domain}>`;
}
