import { join } from 'node:path';
import { z } from 'zod';
import {
  commonSettings,
  ConfigurationError,
  type Environment,
  exitCodes,
  ExitError,
  insecureUrlProblem,
  isLoopback,
  line,
  optionalSecret,
  parseConfig,
  setting,
} from '#gatehouse/platform';
import { modes, takesWebhooks } from '../modes.js';
import { Admin } from '../world/admin.js';
import type { FusionAuthAt } from '../world/ground.js';
import { removeAll } from '../world/objects.js';
import { type FileJournal, openJournal } from './file-journal.js';
import { inspect, keyName } from './preflight.js';

const schema = z.object({
  [keyName]: optionalSecret({
    about: 'with --against: a key of that FusionAuth that may do everything',
    example: 'the key that its kickstart file made',
  }),
  DATA_DIR: setting(line().default('.data'), {
    about: 'directory of the journal of what is made',
    example: '.data',
  }),
  ALLOW_INSECURE: commonSettings.ALLOW_INSECURE,
});

/** Announces what will be made, so that the reader can stop it in time. */
const plan = (url: string, { entities, reachesUs }: Limits): string[] => [
  `At ${url}, in tenants of its own and nowhere else, this makes and in the end removes:`,
  '  tenants (one for each mode that is set up, one that is foreign), each with an application, a group and signing keys;',
  `  users, their sessions and API keys of these tenants, some hundred in all${entities ? '; machines (entities) and their types' : ''};`,
  '  one user action that locks log-ins.',
  'Signing keys, user action and types belong to the whole instance; each bears the name "Gatehouse comparison …".',
  'What FusionAuth logs of all this (log-ins, events), it keeps for as long as it is set to.',
  ...(entities ? [] : ['Its plan has no entities, so client credentials are left out.']),
  ...(reachesUs
    ? []
    : ['It is on another machine, whose webhooks cannot arrive here, so push revocation is left out.']),
  'Every id is written to a journal first: after a kill, the next run with the same --against removes what is left.',
];

/** The limits of a FusionAuth, which exclude some modes. */
interface Limits {
  readonly entities: boolean;
  /** Whether its webhooks can reach this machine. */
  readonly reachesUs: boolean;
}

/** Returns the modes that can be compared there. */
export const modesAt = ({ entities, reachesUs }: Limits): string[] =>
  modes
    .filter((mode) => (entities || mode.kind !== 'machine-token') && (reachesUs || !takesWebhooks(mode)))
    .map(({ id }) => id);

/** Throws an ExitError 2 where none of the requested modes can be compared. */
function chosenModes(limits: Limits, only: readonly string[] | undefined): string[] {
  const possible = modesAt(limits);
  const chosen = possible.filter((id) => only?.includes(id) ?? true);
  if (chosen.length > 0) return chosen;
  throw new ExitError(
    `None of --only ${only?.join(',') ?? ''} can be compared there. These can: ${possible.join(', ')}.`,
    exitCodes.usage,
  );
}

export interface Own extends FusionAuthAt {
  readonly journal: FileJournal;
  /** Ids of the modes that can be compared there, among those that were requested. */
  readonly modes: readonly string[];
}

/**
 * Connects to the operator's own FusionAuth, inspects it, and removes what an earlier run had left there. Nothing has
 * been made yet; `close` removes everything made since. Throws an ExitError that says what to do.
 */
export async function ownFusionAuth(
  { url, only }: { readonly url: string; readonly only?: readonly string[] | undefined },
  environment: Environment,
  say: (text: string) => void,
): Promise<Own> {
  const config = parseConfig(schema, environment);
  const problems = [...insecureUrlProblem('--against', url, config.ALLOW_INSECURE)];
  const key = config[keyName];
  if (!key)
    problems.push(`${keyName} is not set: --against needs a key of that FusionAuth that may do everything`);
  if (problems.length > 0 || !key) throw new ConfigurationError(problems);
  const admin = new Admin(url, key.reveal());
  const { version, entities } = await inspect(admin, key);
  const limits = { entities, reachesUs: isLoopback(new URL(url).hostname) };
  const chosen = chosenModes(limits, only);
  const journal = openJournal(join(config.DATA_DIR, 'comparison-journal.jsonl'), url);
  try {
    if (journal.leftAt !== undefined && journal.leftAt !== url) {
      throw new ExitError(
        `An earlier comparison has left things at ${journal.leftAt}: run it again with --against ${journal.leftAt} first, which removes them.`,
        exitCodes.workHeld,
      );
    }
    const left = journal.entries().length;
    if (left > 0) {
      say(`Removing what an earlier run had left: ${left} things.`);
      await removeAll(admin, journal);
    }
  } catch (error) {
    journal.close();
    throw error;
  }
  for (const text of plan(url, limits)) say(text);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= removeAll(admin, journal).finally(() => journal.close()));
  return { admin, journal, version, entities, modes: chosen, close };
}
