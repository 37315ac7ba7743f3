import { getRequest } from '../../../../measure/src/connection.js';
import type { Finding, Run } from '../../experiment.js';
import type { Mode } from '../../modes.js';
import { openIn, statusOf } from '../../world/apis.js';
import { issue } from '../../world/issue.js';

/** The number of checks over which the bytes to and from FusionAuth are averaged. */
const checks = 20;

/** Measures the bytes of a request with its credential, and those that one check of it exchanges with FusionAuth. */
export async function bytesOf({ ground }: Run, mode: Mode): Promise<Finding[]> {
  const world = await ground.sandbox();
  const { headers } = await issue(world, mode.kind);
  const bytes = getRequest('http://127.0.0.1:3000', '/todos', headers).length;
  const request = { mode: mode.id, row: 'bytes', value: bytes, text: `${bytes} bytes` };
  const row = 'bytes-check';
  if (!mode.asksFusionAuth)
    return [request, { mode: mode.id, row, value: 0, text: '0 bytes', rating: 'good' }];
  const proxy = await ground.proxy(world);
  const more = { FUSIONAUTH_URL: proxy.url, CREDENTIAL_CACHE_SECONDS: '0' };
  const exchanged = await ground.withApis(async (apis) => {
    const { url } = await openIn(world, apis, mode, { settings: more });
    const ask = async () => {
      const status = await statusOf(`${url}/todos`, headers);
      if (status !== 200) throw new Error(`${mode.id}: a good credential was answered ${status}`);
    };
    // Calls that are made once, or once a day, come first.
    await ask();
    const before = proxy.bytes();
    for (let check = 0; check < checks; check += 1) await ask();
    return Math.round((proxy.bytes() - before) / checks);
  });
  const evidence = world.fact('7', 'D');
  return [
    request,
    { mode: mode.id, row, value: exchanged, samples: checks, text: `${exchanged} bytes`, evidence },
  ];
}
