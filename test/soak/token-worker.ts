// A worker that refreshes its access token as fast as possible, until it is killed. Prints the result of each refresh
// as a line.
import { createSource, CredentialFailure } from '#gatehouse/credentials';
import { createLogger, parseConfig, processEnvironment, systemClock } from '#gatehouse/platform';
import { schemaFor } from '../../apps/reminder-app/src/config.js';
import { openStorage, prepareStorage } from '../../apps/reminder-app/src/ledger/storage.js';
import { SharedRefreshToken } from '../../apps/reminder-app/src/todos/shared-refresh-token.repository.js';

const environment = processEnvironment();
const config = parseConfig(schemaFor(environment), environment);
const log = createLogger('worker', 'silent');
const database = await openStorage(config, log);
await prepareStorage(database, log);
const source = createSource(config, {
  issuerUrl: config.FUSIONAUTH_URL,
  clock: systemClock,
  log,
  pause: () => Promise.resolve(),
  sharedStore: (readSeed) => new SharedRefreshToken(database.pool, config.CREDENTIAL_SOURCE, readSeed, log),
});
for (;;) {
  const outcome = await source.authorization(new AbortController().signal).then(
    () => 'refreshed',
    (error: unknown) => (error instanceof CredentialFailure ? error.kind : (error as Error).message),
  );
  source.invalidate();
  process.stdout.write(`${outcome}\n`);
}
