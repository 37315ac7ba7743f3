import type { Database } from '#gatehouse/database';
import { parseConfig } from '#gatehouse/platform';
import type { Client } from '../../apps/dev-center/src/clients/client.repository.js';
import { devCenterSchema } from '../../apps/dev-center/src/config.js';
import { type CommandContext, createContext } from '../../apps/dev-center/src/context.js';
import type { Issuer } from '../../apps/dev-center/src/issuers/issuer.js';
import { silentLog, testDatabase } from './embedded-database.js';

export interface CenterGround {
  readonly center: CommandContext;
  readonly database: Database;
  /** Moves the clock of the Dev Center, in milliseconds. */
  readonly passed: (milliseconds: number) => void;
  readonly clientNamed: (name: string) => Promise<Client>;
  readonly close: () => Promise<void>;
}

/**
 * Creates the parts of commands with their own database. `issuer` replaces FusionAuth for every kind of credential;
 * nothing listens at FusionAuth's address.
 */
export async function centerGround(issuer?: Issuer): Promise<CenterGround> {
  const database = await testDatabase('todo');
  let present = Date.parse('2026-11-22T12:00:00Z');
  const config = parseConfig(devCenterSchema, {
    FUSIONAUTH_URL: 'http://127.0.0.1:1',
    FUSIONAUTH_MANAGER_KEY: 'a-key-of-no-fusionauth',
  });
  const center = createContext(config, { database, log: silentLog, clock: () => present });
  return {
    center: issuer ? { ...center, issuer: () => issuer } : center,
    database,
    passed: (milliseconds) => void (present += milliseconds),
    clientNamed: (name) => center.clients.create({ name, roles: ['todo-reader'] }, 'test', new Date(present)),
    async close() {
      await center.close();
      await database.close();
    },
  };
}
