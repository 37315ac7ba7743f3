import { join } from 'node:path';
import { Eta } from 'eta';
import { problemBody, type ProblemCode, ProblemError, undocumented } from '#gatehouse/platform';
import { hostAndPort } from './endpoint.js';
import { keyPath } from './key-files.js';

/** A template line that contains only code ends with `-%>`, and is not a line of the file. */
const eta = new Eta({ views: join(import.meta.dirname, '..', 'assets'), autoEscape: false, autoTrim: false });

/** Fills in a template of assets/, which sees `data` as `it`. Nothing is escaped: the text of a policy is plain. */
export const fill = (template: string, data: object): string =>
  `${eta.render(`./${template}.eta`, { hostAndPort, keyPath, problem, ...data }).trim()}\n`;

/**
 * Returns a refusal by the gateway, in the form of the Todo API's; `requestId` is the gateway's own expression for it.
 */
const problem = (status: number, code: ProblemCode, detail: string, requestId: string): string =>
  JSON.stringify(problemBody(new ProblemError(status, code, detail), undocumented, requestId));
