import { extname, join } from 'node:path';
import type { Environment } from '#gatehouse/platform';
import { type Child, startChild } from '../../../measure/src/child.js';
import type { Usage } from '../../../measure/src/serve.js';
import { type Api, openApi } from './api.js';

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
