import { strategyNames } from '#gatehouse/auth';
import { type Clock, type Environment, type Logger, parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../../../../apps/dev-center/src/config.js';
import {
  type DevCenter,
  type HomeAddition,
  startDevCenter,
} from '../../../../apps/dev-center/src/start-dev-center.js';
import { silentLog } from '../../../support/embedded-database.js';
import { freePort } from '../../../support/free-port.js';
import { startWorld, type World } from '../../../support/start-world.js';
import { Visitor } from './visitor.js';

export interface Person {
  readonly email: string;
  readonly password: string;
}

export interface PortalWorld extends World {
  readonly url: string;
  readonly devCenter: DevCenter;
  /** People of the kickstart file: `ada`, `bruno`, and `grace`, who is an administrator. */
  person(name: string): Person;
  /** Resolves with a visitor who is logged in. */
  loggedIn(name: string): Promise<Visitor>;
  visitor(): Visitor;
}

export interface PortalOptions {
  readonly clock?: Clock;
  readonly env?: Environment;
  readonly log?: Logger;
  readonly home?: HomeAddition;
  /** AUTH_STRATEGY=jwt TOKEN_LOCATION=header,cookie, and a Todo API that the todo page may call. */
  readonly cookies?: boolean;
}

/** Starts a Todo API that accepts every strategy, a sandbox, and a Dev Center whose address both know. */
export async function startPortalWorld(options: PortalOptions = {}): Promise<PortalWorld> {
  const { clock, env = {}, log = silentLog, home, cookies } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const AUTH_STRATEGY = cookies ? 'jwt' : strategyNames.join(',');
  const places = cookies ? { TOKEN_LOCATION: 'header,cookie' } : {};
  const world = await startWorld({
    env: {
      AUTH_STRATEGY,
      JWT_VALIDATION: 'session',
      FUSIONAUTH_ENTITY_ID: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
      PRINCIPAL_KEY: 'principal-key-of-this-world',
      METRICS_PORT: '0',
      ...places,
      ...(cookies && { ALLOWED_ORIGINS: url }),
    },
    ...(clock && { clock }),
  });
  const secrets = [
    'FUSIONAUTH_MANAGER_KEY',
    'FUSIONAUTH_BOOTSTRAP_KEY',
    'FUSIONAUTH_API_KEY',
    'FUSIONAUTH_CLIENT_SECRET',
  ];
  const config = parseConfig(devCenterSchema, {
    ...Object.fromEntries(secrets.map((name) => [name, world.sandbox.secrets[name]])),
    PORT: String(port),
    PUBLIC_URL: url,
    FUSIONAUTH_URL: world.sandbox.url,
    TODO_API_URL: world.api.url,
    TODO_API_METRICS_URL: new URL(world.api.metricsUrl).origin,
    DATA_DIR: world.env['DATA_DIR'],
    DATABASE_URL: world.env['DATABASE_URL'],
    PRINCIPAL_KEY: world.env['PRINCIPAL_KEY'],
    AUTH_STRATEGY,
    JWT_VALIDATION: 'session',
    ...places,
    ...env,
  });
  const parts = { database: world.api.database, log, ...(clock && { clock }), ...(home && { home }) };
  const devCenter = await startDevCenter(config, parts);
  const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
  // Registers the address of this portal in FusionAuth.
  await devCenter.run('provision', {}, io);
  const person = (name: string): Person => ({
    email: `${name}@example.com`,
    password: world.sandbox.secrets[`${name.toUpperCase()}_PASSWORD`] ?? '',
  });
  const visitor = () => new Visitor(url);
  return {
    ...world,
    url,
    devCenter,
    person,
    visitor,
    async loggedIn(name) {
      const somebody = visitor();
      const { status, text } = await somebody.logIn(person(name));
      if (status !== 303) throw new Error(`${name} was not logged in: ${status} ${text}`);
      return somebody;
    },
    async close() {
      await devCenter.close();
      await world.close();
    },
  };
}
