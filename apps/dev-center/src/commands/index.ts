import type { Command } from './command.js';
import { doctorCommand } from './doctor.command.js';
import { issueCommand } from './issue.command.js';
import { listCommand } from './list.command.js';
import { provisionCommand } from './provision.command.js';
import { reviewCommand } from './review.command.js';
import { revokeCommand } from './revoke.command.js';
import { rotateCommand } from './rotate.command.js';

type Commands = Readonly<Record<string, Command>>;

/** What `npm run credentials --` takes. */
export const credentialCommands = {
  list: listCommand,
  issue: issueCommand,
  rotate: rotateCommand,
  revoke: revokeCommand,
  review: reviewCommand,
  doctor: doctorCommand,
} as unknown as Commands;

/** `npm run provision` is one command. */
export const provisionCommands = { provision: provisionCommand } as unknown as Commands;

export const allCommands: Commands = { ...credentialCommands, ...provisionCommands };
