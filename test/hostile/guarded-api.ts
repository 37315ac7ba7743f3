import { type AuthConfig, createAuthenticator } from '#gatehouse/auth';
import { createLogger, createMetrics } from '#gatehouse/platform';
import { startGuardedApp } from '../support/guarded-app.js';

export interface GuardedApi {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Opens the guard behind the Nest door, with the routes that the corpus requests. */
export async function openGuardedApi(config: AuthConfig, clock?: () => number): Promise<GuardedApi> {
  const authenticator = createAuthenticator(config, {
    log: createLogger('test', 'silent'),
    metrics: createMetrics(),
    ...(clock ? { clock } : {}),
  });
  await authenticator.start();
  const app = await startGuardedApp(authenticator);
  return {
    url: await app.getUrl(),
    close: async () => {
      authenticator.close();
      await app.close();
    },
  };
}
