import { Agent } from 'node:http';
import fc from 'fast-check';
import { createLogger } from '#gatehouse/platform';
import { issuersFor } from '../contract/by-roles.js';
import type { Issued } from '../contract/mode.js';
import { SecretScan } from '../support/secret-scan.js';
import { startWorld, type World } from '../support/start-world.js';
import { type ApiDocument, apiDocument } from './documented.js';
import { Held } from './held.js';
import { anyRequest, type FuzzRequest } from './requests.js';
import { send } from './send.js';

export interface FuzzReport {
  readonly sent: number;
  readonly statuses: Readonly<Record<number, number>>;
  /** One sentence per problem: the request, its answer, and what is wrong with it. */
  readonly problems: readonly string[];
  /** Credentials found in the written output. */
  readonly leaks: readonly string[];
  /** The number of searched log lines. */
  readonly lines: number;
}

const atOnce = 16;
const batch = 500;
const enoughProblems = 20;

/** Owners and roles by every strategy, the same roles by several. */
const callers = [
  ['jwt', ['todo-reader', 'todo-writer']],
  ['jwt', ['todo-reader', 'todo-writer']],
  ['jwt', ['todo-auditor']],
  ['jwt', []],
  ['api-key', ['todo-reader', 'todo-writer']],
  ['api-key', ['todo-reader']],
  ['email-token', ['todo-reader', 'todo-writer']],
] as const;

/**
 * Sends `count` requests to a Todo API, generated from its own description and a seed. The same seed repeats them
 * except for the ids in them. Every answer is checked against the description; everything written is searched for
 * credentials.
 */
export async function fuzz(
  { requests, seed }: { readonly requests: number; readonly seed: number },
  say: (text: string) => void = () => {},
): Promise<FuzzReport> {
  const written = new Written();
  const log = createLogger('todo-api', 'trace', { write: (line) => written.logged(line) });
  const push = { REVOCATION: 'push', WEBHOOK_KEY_ID: 'a-key-that-nobody-has' };
  const env = { DOCS: '1', AUTH_STRATEGY: 'jwt,api-key,email-token', ...push };
  const world = await startWorld({ log, env });
  try {
    const credentials = await issueAll(world);
    written.scan.learn('credential', ...credentials.flatMap(({ secrets }) => secrets));
    written.scan.learn('secret of the kickstart file', ...Object.values(world.sandbox.secrets));
    const document = apiDocument(await (await fetch(`${world.api.url}/openapi.json`)).json());
    const run = new Run(world, document, credentials, written);
    const arbitrary = anyRequest(document, credentials.length);
    while (run.sent < requests && run.problems.length < enoughProblems) {
      const numRuns = Math.min(batch, requests - run.sent);
      await run.all(fc.sample(arbitrary, { seed: seed + run.sent, numRuns }));
      say(`${run.sent} requests: ${JSON.stringify(run.statuses)}`);
    }
    written.searched(await (await fetch(world.api.metricsUrl)).text());
    const { sent, statuses, problems } = run;
    return { sent, statuses, problems, leaks: written.leaks, lines: written.lines };
  } finally {
    await world.close();
  }
}

const issueAll = async (world: World): Promise<Issued[]> => {
  const issuers = issuersFor(world);
  return Promise.all(callers.map(([strategy, roles]) => issuers[strategy](roles)));
};

/** Everything that was written anywhere, searched as it arrives. */
class Written {
  readonly scan = new SecretScan();
  readonly leaks: string[] = [];
  lines = 0;

  logged(line: string): void {
    this.lines += 1;
    this.searched(line);
  }

  searched(text: string): void {
    this.leaks.push(...this.scan.find(text));
  }
}

class Run {
  readonly statuses: Record<number, number> = {};
  readonly problems: string[] = [];
  sent = 0;
  readonly #held = new Held();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: atOnce });

  constructor(
    private readonly world: World,
    private readonly document: ApiDocument,
    private readonly credentials: readonly Issued[],
    private readonly written: Written,
  ) {}

  async all(requests: readonly FuzzRequest[]): Promise<void> {
    const left = [...requests];
    const sender = async () => {
      for (let next = left.shift(); next; next = left.shift()) await this.#one(this.#held.fill(next));
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    this.sent += requests.length;
  }

  async #one(request: FuzzRequest): Promise<void> {
    const { who, method, path } = request;
    const credential = who === undefined ? {} : this.credentials[who]?.headers;
    const headers = { ...request.headers, ...credential };
    try {
      const answer = await send(this.world.api.url, this.#agent, { ...request, headers });
      const { status, body } = answer;
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
      this.#held.remember(request, answer);
      this.written.searched(body);
      const wrong = [
        ...(status >= 500 ? ['a failure of ours'] : []),
        ...this.document.problemsOf(method, path, answer),
      ];
      if (wrong.length > 0) this.#report(request, `${status} ${body.slice(0, 150)}: ${wrong.join('; ')}`);
    } catch (error) {
      this.#report(request, String(error));
    }
  }

  #report({ who, method, path, headers, body }: FuzzRequest, what: string): void {
    const sent = JSON.stringify({
      who: who === undefined ? 'nobody' : callers[who],
      method,
      path,
      headers,
      body,
    });
    this.problems.push(`${sent.length > 400 ? `${sent.slice(0, 400)}…` : sent} was answered ${what}`);
  }
}
