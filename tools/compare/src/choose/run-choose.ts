import { readFileSync } from 'node:fs';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Report } from '../report.js';
import { rank } from './browser/choose.js';
import { type Answers, modelOf, type Ranked, startWith } from './model.js';
import { questions } from './questions.js';

/**
 * `--choose FILE`: prints the mode that fits the answers in the file, the reasons, and the reasons against the others.
 */
export function runChoose(report: Report, file: string, say: (text: string) => void): number {
  const answers = readAnswers(file);
  const [best, ...others] = rank(modelOf(report), answers);
  if (!best) throw new ExitError('The report is about no mode: there is nothing to choose.', exitCodes.usage);
  const mode = report.modes.find(({ id }) => id === best.mode);
  say(`${best.out ? 'Nothing fits entirely. Nearest: ' : ''}${best.mode}, ${best.points} points\n`);
  for (const line of best.reasons.map(reasonLine)) say(line);
  if (mode) {
    const { env, commands } = startWith(mode);
    say(`\nIn .env:\n${indented(env)}\n\nThen:\n${indented(commands)}`);
  }
  for (const other of others) {
    say(`\nNot ${other.mode}, ${other.out ? 'which does not fit' : `${other.points} points`}:`);
    for (const line of whyNotLines(other)) say(line);
  }
  return best.out ? exitCodes.workHeld : exitCodes.done;
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join('\n');

const whyNotLines = ({ whyNot }: Ranked): string[] =>
  whyNot.length === 0 ? ['  equal; it merely comes later in the list'] : whyNot.map(reasonLine);

function reasonLine({ points, text, out, links }: Ranked['reasons'][number]): string {
  const sign = out ? '✗' : points > 0 ? `+${points}` : `${points}`;
  return `  ${sign.padStart(2)}  ${text} (${links.map(({ title }) => title).join('; ')})`;
}

/** Reads the answers by question id. Throws an ExitError 2 that lists the valid ones. */
function readAnswers(file: string): Answers {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    throw new ExitError(`${file} ${why}. It holds answers by question:\n${allAnswers()}`, exitCodes.usage);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ExitError(`${file} must be an object, answers by question:\n${allAnswers()}`, exitCodes.usage);
  for (const [id, answer] of Object.entries(given)) {
    const question = questions.find((one) => one.id === id);
    if (!question) {
      throw new ExitError(
        `${file}: there is no question ‘${id}’. These are:\n${allAnswers()}`,
        exitCodes.usage,
      );
    }
    const known = question.answers.map((one) => one.id);
    if (!known.includes(answer as string))
      throw new ExitError(`${file}: ${id} is answered by one of ${known.join(', ')}.`, exitCodes.usage);
  }
  return given as Answers;
}

const allAnswers = (): string =>
  questions
    .map(({ id, asks, answers }) => `  ${id}: ${answers.map((one) => one.id).join(' | ')}  (${asks})`)
    .join('\n');
