import { z } from 'zod';
import { exitCodes, table } from '#gatehouse/platform';
import type { Verified } from '../clients/audit.repository.js';
import { review } from '../life/review.js';
import { command } from './command.js';

export const reviewCommand = command({
  usage: 'review [--verify-audit]',
  about: 'what needs attention: unused, about to end, permitted too much or too little',
  options: { 'verify-audit': { type: 'boolean', about: 'also holds the audit trail against its hashes' } },
  schema: z.object({ 'verify-audit': z.boolean().default(false) }),
  run: async ({ 'verify-audit': verifyAudit }, center) => {
    const findings = await review(center);
    return { findings, ...(verifyAudit ? { audit: await center.store().audit.verify() } : {}) };
  },
  show: ({ findings, audit }) =>
    [
      findings.length === 0 ? 'No credential needs attention.' : table([headings, ...findings.map(row)]),
      ...(audit ? [shownAudit(audit)] : []),
    ].join('\n\n'),
  exitCode: ({ findings, audit }) =>
    findings.length > 0 || audit?.brokenAt !== undefined ? exitCodes.workHeld : exitCodes.done,
});

const headings = ['client', 'strategy', 'credential', 'finding', ''];
const row = ({ client, strategy, credential, kind, text }: Awaited<ReturnType<typeof review>>[number]) => [
  ...[client, strategy, credential, kind, text],
];

function shownAudit({ entries, head, brokenAt, broken }: Verified): string {
  if (brokenAt === undefined) return `The audit trail is whole: ${entries} entries, the last one ${head}.`;
  const rewritten = entries === 0 ? '' : `entry ${entries} was rewritten, or `;
  const what =
    broken === 'content'
      ? `entry ${brokenAt} is not as it was written`
      : `entry ${brokenAt} does not follow the one before: ${rewritten}one was taken out or put in between`;
  return `The audit trail was changed: ${what}.`;
}
