// Calls FusionAuth and the Todo API in every way in which our programs do, each at a separate host; the responses do
// not matter.
import { createSource } from '#gatehouse/credentials';
import { fusionAuthData } from '#gatehouse/fusionauth';
import { fusionAuthControl } from '#gatehouse/fusionauth/control';
import { createLogger, Secret, systemClock } from '#gatehouse/platform';
import { sendHeartbeat } from '../../apps/reminder-app/src/schedule/heartbeat.js';
import { TodoClient } from '../../apps/reminder-app/src/todos/todo-client.js';

const id = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const secret = new Secret('secret');
const log = createLogger('test', 'silent');
const pause = () => Promise.resolve();
const { signal } = new AbortController();

const ids = { tenantId: id, applicationId: id };
const data = fusionAuthData({ url: 'http://data.invalid', ...ids, deadlineMs: 2_000 });
const control = fusionAuthControl({ url: 'http://control.invalid', ...ids, key: secret, keyName: 'KEY' });
const source = createSource(
  {
    CREDENTIAL_SOURCE: 'client-credentials',
    CLIENT_ID: id,
    CLIENT_SECRET: secret,
    TARGET_ENTITY_ID: id,
  } as never,
  { issuerUrl: 'http://source.invalid', clock: systemClock, log, pause },
);
const credentials = createSource({ CREDENTIAL_SOURCE: 'api-key', API_KEY: secret } as never, {
  ...{ issuerUrl: 'http://nobody.invalid', clock: systemClock, log, pause },
});
const todos = new TodoClient({
  ...{
    baseUrl: 'http://todos.invalid',
    devCenterUrl: undefined,
    credentials,
    clock: systemClock,
    pause,
    log,
  },
});

await Promise.allSettled([
  data.readKeySet(),
  control.setup.tenant.read(),
  source.authorization(signal),
  todos.open([id], signal),
  sendHeartbeat(new Secret('http://heartbeat.invalid/'), log),
]);
process.exit(0);
