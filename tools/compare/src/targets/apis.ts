import type { Environment } from '#gatehouse/platform';
import { serveParent } from '../../../measure/src/serve.js';
import { type Api, openApi } from '../world/api.js';

/** Serves any number of APIs in a separate process. */
const apis = new Map<string, Api>();

async function open(environment: Environment): Promise<string> {
  const api = await openApi(environment);
  apis.set(api.url, api);
  return api.url;
}

async function close(url: string): Promise<void> {
  await apis.get(url)?.close();
  apis.delete(url);
}

const metrics = (url: string): Promise<string> => apis.get(url)?.metrics() ?? Promise.resolve('');

serveParent('', { open, close, metrics });
