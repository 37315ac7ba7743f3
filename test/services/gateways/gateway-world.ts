import { type Environment, parseConfig } from '#gatehouse/platform';
import { forwardAuthSchema } from '../../../apps/forward-auth/src/config.js';
import { type ForwardAuth, startForwardAuth } from '../../../apps/forward-auth/src/start-forward-auth.js';
import { todoApiSchema } from '../../../apps/todo-api/src/config.js';
import { startTodoApi } from '../../../apps/todo-api/src/start-todo-api.js';
import { createMint, type Mint } from '../../../tools/attack/src/corpus/mint.js';
import { type Issuer, startIssuer } from '../../../tools/attack/src/issuer/start-issuer.js';
import { developmentTarget } from '../../../tools/attack/src/target.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import { freshDatabase } from '../../support/fresh-database.js';
import { type RecordingApi, startRecordingApi } from './recording-api.js';

/** Everything around a gateway except the gateway. */
export interface GatewayWorld {
  readonly issuer: Issuer;
  readonly mint: Mint;
  /** Starts a recording API without a server behind it. */
  readonly startApi: () => Promise<RecordingApi>;
  /** Starts the Todo API, and in front of it one that records the requests that reach it. */
  readonly startTodoApi: (env?: Environment) => Promise<RecordingApi>;
  readonly startForwardAuth: (env?: Environment) => Promise<ForwardAuth>;
  /** Closes a part with the world, in reverse order. */
  readonly closeLater: <T extends { close: () => Promise<unknown> }>(part: T) => T;
  readonly close: () => Promise<void>;
}

export async function startGatewayWorld(): Promise<GatewayWorld> {
  const closers: (() => Promise<unknown>)[] = [];
  const closeLater: GatewayWorld['closeLater'] = (part) => {
    closers.push(() => part.close());
    return part;
  };
  const issuer = closeLater(await startIssuer({ port: 0, target: developmentTarget }));
  const startApi = async (behind?: string) => closeLater(await startRecordingApi(behind));
  const settings = guardSettings(issuer);
  return {
    issuer,
    mint: createMint(issuer.target, issuer),
    closeLater,
    startApi: () => startApi(),
    async startTodoApi(env = {}) {
      const directory = await temporaryDirectory();
      const fresh = await freshDatabase();
      closers.push(async () => {
        await fresh?.drop();
        await directory.remove();
      });
      const config = parseConfig(todoApiSchema, {
        ...settings,
        DATA_DIR: directory.path,
        DATABASE_URL: fresh?.url,
        ...env,
      });
      const parts = { log: silentLog, template: await databaseTemplate('todo') };
      return startApi(closeLater(await startTodoApi(config, parts)).url);
    },
    async startForwardAuth(env = {}) {
      const config = parseConfig(forwardAuthSchema, { ...settings, TRUSTED_PROXIES: '127.0.0.1', ...env });
      return closeLater(await startForwardAuth(config, { log: silentLog }));
    },
    async close() {
      for (const closer of closers.splice(0).reverse()) await closer();
    },
  };
}

/** Returns the settings of a guard that trusts the issuer. */
export const guardSettings = ({ url, target }: Issuer): Environment => ({
  PORT: '0',
  FUSIONAUTH_URL: url,
  FUSIONAUTH_APPLICATION_ID: target.applicationId,
  FUSIONAUTH_TENANT_ID: target.tenantId,
  FUSIONAUTH_ENTITY_ID: target.entityId,
  // Everything shares one process with the tests: while one part computes, the others seem slow.
  FUSIONAUTH_DEADLINE_MS: '5000',
  // The throttle has its own tests; here it would hide the reason of a refusal.
  REFUSED_ATTEMPTS_PER_MINUTE: '1000000',
});
