import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { exitCodes, ExitError, misused } from '#gatehouse/platform';
import { type AttackArguments, targetOf } from './arguments.js';
import { attack } from './attack.js';
import { hostileKinds } from './corpus/corpus.js';
import { legalKinds } from './corpus/groups/legal.js';
import type { HostileKind } from './corpus/kind.js';
import { createMint } from './corpus/mint.js';
import { type Issuer, startIssuer } from './issuer/start-issuer.js';
import { mutations } from './mutations/mutations.js';
import { holds } from './outcome.js';
import { report, resultJson } from './report.js';
import { type Send, sender } from './request.js';

export interface Screen {
  /** Writes text for the reader of the result. */
  readonly say: (text: string) => void;
  /** Shows the progress; missing without a terminal. */
  readonly progress?: (done: number, total: number) => void;
}

/** Runs `npm run attack`. Resolves with the exit code; throws an ExitError when the API is not ready. */
export async function runAttack(wanted: AttackArguments, screen: Screen): Promise<number> {
  const seed = wanted.seed ?? Math.floor(Math.random() * 1e9);
  const hostile = hostileFor(wanted, seed);
  if (hostile.length === 0) {
    throw misused(
      'npm run attack',
      `--mode, --only and --mutations leave no hostile request to send: try without some of them.`,
    );
  }
  const issuer = await startIssuer({ port: wanted.issuerPort, target: targetOf(wanted) });
  try {
    screen.say(settingsFor(issuer));
    const send = sender(wanted.url);
    await untilReady(send, issuer, wanted);
    return await run({ send, issuer, hostile, seed }, wanted, screen);
  } finally {
    await issuer.close();
  }
}

/** Returns the settings that the API needs. */
function settingsFor({ url, target }: Issuer): string {
  return [
    `The issuer runs at ${url}. Your API should expect:`,
    `  issuer (iss)        ${target.issuer}`,
    `  discovery           ${url}/.well-known/openid-configuration`,
    `  key set             ${url}/.well-known/jwks.json`,
    `  introspection       ${url}/oauth2/introspect`,
    `  audience            ${target.applicationId}${target.entityId === undefined ? '' : `, of machines ${target.entityId}`}`,
    `  tenant (tid)        ${target.tenantId}`,
    `A Todo API of this repository: FUSIONAUTH_URL=${url}${target.entityId === undefined ? '' : ` FUSIONAUTH_ENTITY_ID=${target.entityId}`}`,
    '',
    '',
  ].join('\n');
}

/** Resolves once the API accepts a good token and refuses a request without one. */
async function untilReady(send: Send, issuer: Issuer, { url, path, wait: waitSeconds }: AttackArguments) {
  const mint = createMint(issuer.target, issuer);
  const good = () => ({ headers: [['Authorization', `Bearer ${mint.token()}`]] as const });
  const end = Date.now() + waitSeconds * 1000;
  for (;;) {
    const answer = await send(good(), path).catch((error: unknown) => error as Error);
    if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300) break;
    if (Date.now() > end) throw notReady(answer, `${url}${path}`);
    await delay(1_000);
  }
  const { status } = await send({ headers: [] }, path);
  if (status >= 200 && status < 300) {
    throw new ExitError(
      `${path} is not guarded: it answers ${status} without a credential.`,
      exitCodes.workHeld,
    );
  }
}

function notReady(answer: Error | { readonly status: number }, url: string): ExitError {
  if (answer instanceof Error) {
    return new ExitError(
      `${url} cannot be reached (${answer.message}). Is it running?`,
      exitCodes.unavailable,
      {
        cause: answer,
      },
    );
  }
  return new ExitError(
    `${url} answers ${answer.status} to a valid token. Give your API the settings above, or tell this command your API's settings (--help).`,
    exitCodes.workHeld,
  );
}

/** Returns the kinds that the options select. */
const hostileFor = ({ mode, only, mutations: count }: AttackArguments, seed: number) =>
  [...hostileKinds, ...mutations(seed, count)].filter(
    ({ group, noticedBy }) => noticedBy.includes(mode) && (only?.includes(group) ?? true),
  );

interface Run {
  readonly send: Send;
  readonly issuer: Issuer;
  readonly hostile: readonly HostileKind[];
  readonly seed: number;
}

async function run(
  { send, issuer, hostile, seed }: Run,
  wanted: AttackArguments,
  { say, progress }: Screen,
): Promise<number> {
  const { mode } = wanted;
  const algorithms: readonly string[] = wanted.algorithms;
  const legal = legalKinds.filter(
    ({ acceptedBy, algorithm, machine }) =>
      acceptedBy.includes(mode) &&
      algorithms.includes(algorithm) &&
      !(machine && issuer.target.entityId === undefined),
  );
  const started = performance.now();
  const results = await attack({
    issuer,
    send,
    paths: { any: wanted.path, role: wanted.rolePath },
    hostile,
    legal,
    ...(progress ? { progress } : {}),
  });
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  say(
    `${results.hostile.length + results.legal.length} requests in ${seconds} s, seed ${seed}\n\n${report(results)}`,
  );
  const ok = holds(results);
  if (wanted.json !== undefined) {
    const data = resultJson(results, { url: wanted.url, mode, seed, ok });
    writeFileSync(wanted.json, `${JSON.stringify(data, null, 2)}\n`);
  }
  return ok ? exitCodes.done : exitCodes.workHeld;
}
