import { randomUUID } from 'node:crypto';
import { type Exchange, filled, type Known, type Step, unknownName } from './step.js';

export interface Target {
  readonly url: string;
  /** API keys, client secret and passwords by their names in kickstart.json. */
  readonly secrets: Known;
}

const deadline = 10_000;

/**
 * Sends the steps in order and resolves with the answers. A step that needs a value of a failed one is not sent; its
 * status is 0. Throws only when the target cannot be reached.
 */
export async function converse(target: Target, steps: readonly Step[]): Promise<Exchange[]> {
  const known: Record<string, string> = { ...target.secrets, ...newIds() };
  const exchanges: Exchange[] = [];
  for (const step of steps) {
    const exchange = await take(step, target.url, known);
    for (const [name, path] of Object.entries(step.learn ?? {})) {
      const value = valueAt(exchange.body, path);
      if (typeof value === 'string') known[name] = value;
    }
    exchanges.push(exchange);
  }
  return exchanges;
}

/** Returns new names, so that a conversation does not touch the people and keys of the instance. */
function newIds(): Known {
  const names = ['person', 'stranger', 'key', 'entityType', 'target', 'caller', 'webhook'];
  const run = randomUUID();
  return { run, ...Object.fromEntries(names.map((name) => [name, randomUUID()])) };
}

async function take({ title, learn: _later, ...step }: Step, url: string, known: Known): Promise<Exchange> {
  const missing = unknownName(step, known);
  if (missing !== undefined)
    return { title, operation: step.request, status: 0, body: `not sent: nothing is known as ${missing}` };

  const { request, authorization, headers, json, form } = filled(step, known);
  const [method = '', path = ''] = request.split(' ');
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(deadline),
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(json ? { body: JSON.stringify(json) } : form ? { body: new URLSearchParams(form) } : {}),
  });
  return { title, operation: request, status: answer.status, body: await read(answer) };
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (text === '') return undefined;
  return answer.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as unknown) : text;
}

const valueAt = (body: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
