import { exitCodes, table } from '#gatehouse/platform';
import type { Verified } from '../clients/audit.repository.js';
import type { Command } from '../commands/command.js';
import type { Ended } from '../commands/end-sessions.command.js';
import { commands } from '../commands/index.js';
import { type Check, isUnavailable } from '../doctor/check.js';
import { issuers } from '../issuers/index.js';
import type { Issued } from '../lifecycle/issue.js';

/** The terminal's form of a command: its command line, its result as text, its exit code. */
export interface Face<R extends object = object> {
  readonly command: Command<R>;
  /** The command line after `npm run PROGRAM --`, for `--help`. */
  readonly usage: string;
  readonly about: string;
  /** The argument that is passed without `--name`. */
  readonly positional?: string;
  /** The argument that names a file whose content the command gets; `-` is standard input. */
  readonly reads?: string;
  /** The command issues a secret. */
  readonly issues?: true;
  /** Returns the result as text; with --json the result itself is printed. */
  show(this: void, result: R): string;
  /** Returns the exit code; 0 if absent. */
  exitCode?(this: void, result: R): number;
}

export type Faces = Readonly<Record<string, Face>>;

/** Erases the type of the result, which only the face's own methods need. */
export const face = <R extends object>(of: Face<R>): Face => of;

/** The commands of `npm run credentials --`. */
export const credentialFaces: Faces = {
  list: face({
    command: commands.list,
    usage: 'list [--client NAME] [--all]',
    about: 'shows clients and their credentials, and which one each client used last',
    show({ credentials }) {
      if (credentials.length === 0)
        return 'There are no credentials. To issue one: npm run credentials -- issue --help';
      const rows = credentials.map((one) => [
        one.client,
        one.owner ?? '',
        one.roles.join(','),
        one.approvedBy === null ? one.strategy : `${one.strategy} by device`,
        one.state,
        minute(one.createdAt),
        `${minute(one.lastUsedAt)}${one.usedLast ? ' *' : ''}`,
        minute(one.endsAt),
        one.id,
      ]);
      const headings = 'client,owner,roles,strategy,state,created,last used,ends,id'.split(',');
      return `${table([headings, ...rows])}\n\n* last used by this client`;
    },
  }),
  issue: face({
    command: commands.issue,
    usage:
      'issue --client NAME --strategy STRATEGY [--roles LIST] [--owner USER] [--expires SPAN] [--device] [--out FILE]',
    about: 'issues a credential for a client, and creates the client if it is new',
    issues: true,
    show: showIssued,
  }),
  rotate: face({
    command: commands.rotate,
    usage: 'rotate ID | --client NAME --strategy STRATEGY [--overlap SPAN] [--expires SPAN] [--out FILE]',
    about: 'creates a successor that works before the old credential is revoked',
    positional: 'id',
    issues: true,
    show: showIssued,
  }),
  revoke: face({
    command: commands.revoke,
    usage: 'revoke ID | --client NAME --strategy STRATEGY',
    about: 'revokes a credential now',
    positional: 'id',
    show: ({ credential, client, strategy, issuedHere, stillActive }) => {
      const ended = issuedHere
        ? `${credential} of ${client} is revoked. ${issuers[strategy].endsWithin}`
        : `${credential} of ${client} was not created here and is recorded as ended: FusionAuth accepts it until you revoke it there.`;
      const others = stillActive.map(
        (one) =>
          `${one.credential} of ${client} by ${strategy} still works${one.endsAt ? ` until ${one.endsAt}` : ''}: revoke it by its id if it must end now.`,
      );
      return [ended, ...others].join('\n');
    },
  }),
  'end-sessions': face({
    command: commands['end-sessions'],
    usage: 'end-sessions USER | --client NAME',
    about: 'ends every session of a user or of a client, in all applications, single sign-on included',
    positional: 'user',
    show: ({ ended }) => ended.map(showEnded).join('\n'),
  }),
  review: face({
    command: commands.review,
    usage: 'review [--client NAME] [--verify-audit]',
    about: 'lists credentials that need attention: unused, about to expire, too many or too few permissions',
    show({ findings, audit }) {
      const rows = findings.map((one) => [one.client, one.strategy, one.credential, one.kind, one.text]);
      const shown = table([['client', 'strategy', 'credential', 'finding', ''], ...rows]);
      const first = findings.length === 0 ? 'No credential needs attention.' : shown;
      return audit ? `${first}\n\n${showAudit(audit)}` : first;
    },
    exitCode: ({ findings, audit }) =>
      findings.length > 0 || audit?.brokenAt !== undefined ? exitCodes.workHeld : exitCodes.done,
  }),
  doctor: face({
    command: commands.doctor,
    usage: 'doctor [--file FILE] [--canary]',
    about: 'says why a credential is refused, step by step, and whether FusionAuth is configured correctly',
    reads: 'file',
    show({ setUp, credential, canary, ok }) {
      const lines = ['FusionAuth', ...setUp.map(showCheck), ''];
      if (credential.length > 0) lines.push('The credential', ...credential.map(showCheck), '');
      if (canary.length > 0) lines.push('The canary', ...canary.map(showCheck), '');
      return [...lines, ok ? 'Nothing is wrong.' : 'What is marked ✗ needs attention.'].join('\n');
    },
    exitCode({ ok, setUp }) {
      if (ok) return exitCodes.done;
      return setUp.some(isUnavailable) ? exitCodes.unavailable : exitCodes.workHeld;
    },
  }),
};

function showEnded({ userId, client, sessions }: Ended): string {
  const whose = client === null ? userId : `${client} (${userId})`;
  if (sessions === 0) {
    return (
      `${whose} has no session. FusionAuth sends no event then: an access token without one works until it expires, unless ` +
      'the user is deactivated.'
    );
  }
  const next =
    client === null
      ? 'Every browser and program of this user has to log in again.'
      : `Its refresh token is no longer valid: "npm run credentials -- rotate --client ${client} --strategy jwt" issues another.`;
  return (
    `${whose}: ${sessions === 1 ? 'one session has' : `${sessions} sessions have`} ended. ${next} An access token in use ` +
    'is refused within seconds with REVOCATION=push, with JWT_VALIDATION=session after CREDENTIAL_CACHE_SECONDS, else ' +
    'when it expires.'
  );
}

/** Formats an instant in UTC, to the minute. */
const minute = (instant: string | null): string =>
  instant === null ? '-' : instant.slice(0, 16).replace('T', ' ');

/** Returns the text below the settings that were handed over. */
function showIssued({ credential, client, strategy, expiresAt, replaces: old }: Issued): string {
  const until = expiresAt === null ? 'It never expires.' : `It is valid until ${expiresAt}.`;
  const made = `${client} has a new ${strategy} credential, ${credential}. ${until}`;
  if (!old) return made;
  if (old.issuedHere) return `${made}\nThe previous one, ${old.credential}, works until ${old.endsAt}.`;
  return (
    `${made}\nThe previous one, ${old.credential}, was not created here and still works: revoke it in FusionAuth by ${old.endsAt}, ` +
    `and then record that with "npm run credentials -- revoke ${old.credential}".`
  );
}

function showAudit({ entries, head, brokenAt, broken }: Verified): string {
  if (brokenAt === undefined) return `The audit trail is intact: ${entries} entries, the last one ${head}.`;
  const rewritten = entries === 0 ? '' : `entry ${entries} was rewritten, or `;
  return broken === 'content'
    ? `The audit trail was changed: entry ${brokenAt} differs from what was written.`
    : `The audit trail was changed: entry ${brokenAt} does not follow the one before: ${rewritten}one was removed or inserted.`;
}

function showCheck({ name, ok, text }: Check): string {
  const mark = ok === undefined ? '-' : { true: '✓', false: '✗' }[`${ok}`];
  return `${mark} ${name}${text === undefined ? '' : `: ${text}`}`;
}
