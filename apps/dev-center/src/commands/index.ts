import type { Command } from './command.js';
import { issueCommand } from './issue.command.js';
import { listCommand } from './list.command.js';
import { revokeCommand } from './revoke.command.js';
import { rotateCommand } from './rotate.command.js';

/** What `npm run credentials --` takes. */
export const credentialCommands = {
  list: listCommand,
  issue: issueCommand,
  rotate: rotateCommand,
  revoke: revokeCommand,
} as unknown as Readonly<Record<string, Command>>;

export const allCommands: Readonly<Record<string, Command>> = credentialCommands;
