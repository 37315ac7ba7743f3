import type { ChildProcess } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { applicationId } from '../../../tools/issuer/src/token-minter.js';
import { startTypeScript } from '../../support/typescript-process.js';
import type { Figures, Proof } from '../proof.js';
import { onReminderGround, type ReminderGround } from '../reminder-ground.js';

const program = join(import.meta.dirname, '../token-worker.ts');
const workers = 2;
const refreshes = 500;
/** The share of answers with a rotated token that meet a crash. */
const crashShare = 0.15;
/** Without FusionAuth's grace period sessions are lost; this number of refreshes proves it. */
const refreshesOfControl = 120;

/** Two workers share one session of one-time refresh tokens, and are killed while tokens are in flight. */
export const tokenRace: Proof = {
  name: 'token-race',
  about: `two workers, one-time tokens, ${refreshes} refreshes, crashes in between: no session lost with FusionAuth's grace`,
  run: (say) => onReminderGround((ground) => prove(ground, say)),
};

async function prove(ground: ReminderGround, say: (text: string) => void): Promise<Figures> {
  await setGrace(ground, 60);
  const graced = await race(ground, refreshes, (line) => say(`grace 60 s: ${line}`));
  if (graced.lost > 0) throw new Error(`sessions were lost: ${JSON.stringify(graced)}`);
  await setGrace(ground, 0);
  const control = await race(ground, refreshesOfControl, (line) => say(`grace 0 s: ${line}`));
  if (control.lost === 0) throw new Error(`no session was lost without grace: the crashes do not bite`);
  return {
    'refreshes with grace 60 s': graced.refreshed,
    'killed before the answer arrived': graced.killedBefore,
    'killed while the answer was stored': graced.killedAfter,
    'answers lost on the way': graced.lostAnswers,
    'sessions lost': graced.lost,
    'refreshes with grace 0 s (the control)': control.refreshed,
    'crashes of the control': control.killedBefore + control.killedAfter + control.lostAnswers,
    'sessions lost by the control': control.lost,
  };
}

async function setGrace({ world: { sandbox } }: ReminderGround, gracePeriodInSeconds: number): Promise<void> {
  const answer = await fetch(`${sandbox.url}/api/application/${applicationId}`, {
    method: 'PATCH',
    headers: {
      authorization: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '',
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      application: { jwtConfiguration: { refreshTokenOneTimeUseConfiguration: { gracePeriodInSeconds } } },
    }),
  });
  if (answer.status !== 200) throw new Error(`the grace could not be set: ${answer.status}`);
}

interface Race {
  refreshed: number;
  killedBefore: number;
  killedAfter: number;
  lostAnswers: number;
  /** Sessions whose token was refused; each is replaced by a new one. */
  lost: number;
}

/** A worker, or its successor after a kill. */
interface Slot {
  process: ChildProcess | undefined;
  readonly door: { readonly url: string; close(): Promise<void> };
}

async function race(ground: ReminderGround, until: number, say: (text: string) => void): Promise<Race> {
  const counts: Race = { refreshed: 0, killedBefore: 0, killedAfter: 0, lostAnswers: 0, lost: 0 };
  const { url } = await ground.database();
  let tokenFile = await ground.tokenFile();
  /** The number of the session; messages about an earlier one are ignored. */
  let session = 0;
  let over = false;
  const slots: Slot[] = [];
  /** Only one worker replaces a refused token, once; then both continue with the new one. */
  const renew = async () => {
    counts.lost++;
    session++;
    tokenFile = await ground.tokenFile();
    for (const { process } of slots) process?.kill('SIGKILL');
  };
  const start = (slot: Slot) => {
    if (over) return;
    const own = session;
    const environment = {
      ...ground.environment(tokenFile),
      DATABASE_URL: url,
      FUSIONAUTH_URL: slot.door.url,
    };
    slot.process = startTypeScript(program, [], environment);
    slot.process.stderr!.pipe(process.stderr);
    slot.process.once('exit', () => start(slot));
    createInterface(slot.process.stdout!).on('line', (outcome) => {
      if (outcome === 'refreshed' && ++counts.refreshed % 50 === 0) say(JSON.stringify(counts));
      if (outcome === 'refused' && own === session) void renew();
    });
  };
  for (let number = 0; number < workers; number++) {
    const slot: Slot = {
      process: undefined,
      door: await openDoor(ground.world.sandbox.url, counts, () => slot.process),
    };
    slots.push(slot);
    start(slot);
  }
  try {
    while (counts.refreshed < until) await delay(100);
    return counts;
  } finally {
    over = true;
    for (const { process, door } of slots) {
      process?.kill('SIGKILL');
      await door.close();
    }
  }
}

/** Opens a proxy to FusionAuth for one worker, where some answers with a rotated token meet a crash. */
async function openDoor(target: string, counts: Race, worker: () => ChildProcess | undefined) {
  const server = createServer((request, response) => {
    void (async () => {
      const body = request.method === 'POST' ? await text(request) : undefined;
      const answer = await fetch(`${target}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
        ...(body === undefined ? {} : { body }),
      });
      // Discovery must lead the worker back through this proxy.
      const content = (await answer.text()).replaceAll(target, address());
      const isRotation = answer.status === 200 && request.url?.startsWith('/oauth2/token') === true;
      const deliver = () =>
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(content);
      if (isRotation && Math.random() < crashShare) crash(counts, worker(), response, deliver);
      else deliver();
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: address(),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Crashes after FusionAuth has used up the token: the worker dies before it gets the answer or while it stores it, or
 * the answer is lost.
 */
function crash(
  counts: Race,
  worker: ChildProcess | undefined,
  response: ServerResponse,
  deliver: () => void,
): void {
  const kind = Math.floor(Math.random() * 3);
  if (kind === 0) {
    counts.killedBefore++;
    worker?.kill('SIGKILL');
    response.destroy();
  } else if (kind === 1) {
    counts.killedAfter++;
    deliver();
    setTimeout(() => worker?.kill('SIGKILL'), Math.random() * 5);
  } else {
    counts.lostAnswers++;
    response.destroy();
  }
}
