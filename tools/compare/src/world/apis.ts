import { extname, join } from 'node:path';
import type { Environment } from '#gatehouse/platform';
import { type Child, startChild } from '../../../measure/src/child.js';
import type { Headers } from '../../../measure/src/connection.js';
import type { Usage } from '../../../measure/src/serve.js';
import { type Mode, takesWebhooks } from '../modes.js';
import { type Api, openApi } from './api.js';
import type { Realm } from './maker.js';
import type { World } from './world.js';

/** A process that opens APIs. */
export interface Apis {
  open(environment: Environment): Promise<Api>;
  /** Returns the resources that the process has used so far. */
  usage(): Promise<Usage>;
  close(): Promise<void>;
}

/** Starts a process for APIs, so that its CPU time is theirs alone. */
export async function apisInProcess(): Promise<Apis> {
  const { dirname, filename } = import.meta;
  const child = await startChild(join(dirname, `../targets/apis${extname(filename)}`), {});
  return {
    open: async (environment) => apiIn(child, await child.ask<string>('open', environment)),
    usage: () => child.ask<Usage>('usage'),
    close: () => child.close(),
  };
}

const apiIn = (child: Child, url: string): Api => ({
  url,
  metrics: () => child.ask<string>('metrics', url),
  close: () => child.ask('close', url),
});

/** Opens APIs in this process, for tests, which run the sources directly. */
export function apisHere(): Apis {
  const apis: Api[] = [];
  return {
    async open(environment) {
      const api = await openApi(environment);
      apis.push(api);
      return api;
    },
    usage: () => Promise.reject(new Error('The CPU time of this process is not that of its apis')),
    async close() {
      await Promise.all(apis.splice(0).map((api) => api.close()));
    },
  };
}

/** Returns the status of one request to an API. */
export async function statusOf(url: string, headers: Headers, method = 'GET'): Promise<number> {
  const answer = await fetch(url, { method, headers, signal: AbortSignal.timeout(10_000) });
  await answer.arrayBuffer();
  return answer.status;
}

interface OpenOptions {
  /** Settings beyond those of the world and the mode. */
  readonly settings?: Environment;
  readonly realm?: Realm;
}

/** Opens an API for a mode in a world; where the mode needs it, FusionAuth sends it webhooks. */
export async function openIn(
  world: World,
  apis: Apis,
  mode: Mode,
  { settings, realm = world.realm }: OpenOptions = {},
): Promise<Api> {
  const api = await apis.open(world.settings(mode, settings, realm));
  if (takesWebhooks(mode)) await world.newWebhook(`${api.url}/webhooks/fusionauth`, realm.tenantId);
  return api;
}
