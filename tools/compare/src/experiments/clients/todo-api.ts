import { createLogger, type Environment, parseConfig } from '#gatehouse/platform';
import { issueCommand } from '../../../../../apps/dev-center/src/commands/issue.command.js';
import { createContext } from '../../../../../apps/dev-center/src/context.js';
import type { HandOver } from '../../../../../apps/dev-center/src/issuers/issuer.js';
import { todoApiSchema } from '../../../../../apps/todo-api/src/config.js';
import { startTodoApi } from '../../../../../apps/todo-api/src/start-todo-api.js';
import type { CallCounter } from '../../dev-center/call-counter.js';
import { type Client, clientWith } from '../../dev-center/client.js';
import { devCenterConfig, issuerOf, notedIssuer } from '../../dev-center/issuers.js';
import { type CredentialKind, type Mode, takesWebhooks } from '../../modes.js';
import type { World } from '../../world/world.js';

/** The client that gets a credential. */
export interface Wanted {
  /** Name of the client, in lower case with dashes. */
  readonly name: string;
  readonly roles: readonly string[];
  /** E-mail of the person whose todos it works on. */
  readonly owner?: string;
}

/** The Todo API with all its strategies enabled, and the Dev Center that issues credentials for it. */
export interface Site {
  readonly url: string;
  issue(kind: CredentialKind, wanted: Wanted): Promise<Client>;
  close(): Promise<void>;
}

export interface SiteParts {
  readonly world: World;
  readonly counter: CallCounter;
  /** How tokens are checked. */
  readonly mode: Mode;
  readonly dataDir: string;
  readonly template: string | undefined;
}

export const everyStrategy = 'jwt,api-key,email-token';

/** Starts both on one embedded database. Everything they make in FusionAuth is noted for removal. */
export async function openSite({ world, counter, mode, dataDir, template }: SiteParts): Promise<Site> {
  const log = createLogger('clients', 'silent');
  const environment: Environment = {
    ...world.settings(mode, { AUTH_STRATEGY: everyStrategy }),
    FUSIONAUTH_URL: counter.url,
    PORT: '0',
    METRICS_PORT: '0',
    DATA_DIR: dataDir,
  };
  const api = await startTodoApi(parseConfig(todoApiSchema, environment), { log, template });
  if (takesWebhooks(mode)) await world.newWebhook(`${api.url}/webhooks/fusionauth`, world.realm.tenantId);
  const context = createContext(devCenterConfig(world, mode, counter.url), { database: api.database, log });
  const noted = {
    ...context,
    issuer: (name: Parameters<typeof context.issuer>[0]) => notedIssuer(world, context, name),
  };
  return {
    url: api.url,
    async issue(kind, { name: client, roles, owner }) {
      let handOver: HandOver | undefined;
      const args = { client, strategy: issuerOf[kind], roles: roles.join(','), owner };
      await issueCommand.execute(args, noted, {
        actor: 'npm run compare',
        report: () => undefined,
        deliver: (made) => Promise.resolve(void (handOver = made)),
      });
      if (!handOver) throw new Error(`no credential was issued for ${client}`);
      return clientWith(handOver, counter.url);
    },
    async close() {
      await context.close();
      await api.close();
    },
  };
}
