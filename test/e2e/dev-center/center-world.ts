import { strategyNames } from '#gatehouse/auth';
import { type Clock, type Environment, parseConfig } from '#gatehouse/platform';
import type { Command } from '../../../apps/dev-center/src/commands/command.js';
import { commands } from '../../../apps/dev-center/src/commands/index.js';
import { type DevCenterConfig, devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { type CommandContext, createContext } from '../../../apps/dev-center/src/context.js';
import { type IssuerName, issuerNames } from '../../../apps/dev-center/src/issuers/index.js';
import type { HandOver } from '../../../apps/dev-center/src/issuers/issuer.js';
import { silentLog } from '../../support/embedded-database.js';
import { startWorld, type World } from '../../support/start-world.js';

export const commandNamed = (name: string): Command => commands[name as keyof typeof commands];

export const strategies = issuerNames;
export type Strategy = IssuerName;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each command has a result of its own
type Result = any;

export interface CenterWorld extends World {
  readonly center: CommandContext;
  readonly config: DevCenterConfig;
  /** Every secret that was handed over, in order. */
  readonly handedOver: HandOver[];
  /** Runs a command as `npm run credentials` does; `handOver` stores the secret. */
  readonly run: (name: string, args?: object, handOver?: (one: HandOver) => Promise<void>) => Promise<Result>;
  /** Returns the request headers that present a client's newest secret. */
  readonly headersOf: (one: HandOver) => Promise<Record<string, string>>;
}

/**
 * Starts a Todo API that accepts every strategy and asks FusionAuth at each request, and a Dev Center on its
 * database.
 */
export async function startCenterWorld(clock?: Clock, env: Environment = {}): Promise<CenterWorld> {
  const world = await startWorld({
    env: {
      AUTH_STRATEGY: strategyNames.join(','),
      JWT_VALIDATION: 'session',
      FUSIONAUTH_ENTITY_ID: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
      PRINCIPAL_KEY: 'principal-key-of-this-world',
      ...env,
    },
    ...(clock ? { clock } : {}),
  });
  const config = configFor(world);
  const center = createContext(config, {
    database: world.api.database,
    log: silentLog,
    ...(clock ? { clock } : {}),
  });
  const handedOver: HandOver[] = [];
  return {
    ...world,
    center,
    config,
    handedOver,
    run(name, args = {}, handOver = () => Promise.resolve()) {
      const io = {
        actor: 'test',
        report: () => undefined,
        deliver: async (one: HandOver) => {
          await handOver(one);
          handedOver.push(one);
        },
      };
      return commandNamed(name).execute(args, center, io);
    },
    headersOf: (one) => present(world, one),
    close: async () => {
      await center.close();
      await world.close();
    },
  };
}

/** Returns the Dev Center's settings for a world. */
export const configFor = ({ sandbox, env }: World, changes: Environment = {}): DevCenterConfig =>
  parseConfig(devCenterSchema, {
    PORT: '0',
    FUSIONAUTH_URL: sandbox.url,
    FUSIONAUTH_MANAGER_KEY: sandbox.secrets['FUSIONAUTH_MANAGER_KEY'],
    FUSIONAUTH_BOOTSTRAP_KEY: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'],
    FUSIONAUTH_API_KEY: sandbox.secrets['FUSIONAUTH_API_KEY'],
    DATA_DIR: env['DATA_DIR'],
    DATABASE_URL: env['DATABASE_URL'],
    PRINCIPAL_KEY: env['PRINCIPAL_KEY'],
    ...changes,
  });

async function present({ sandbox }: World, { settings, secret }: HandOver): Promise<Record<string, string>> {
  const value = secret.value.reveal();
  switch (settings['CREDENTIAL_SOURCE'] as Strategy) {
    case 'api-key':
      return { 'x-api-key': value };
    case 'email-token': {
      const pair = `${settings['LOGIN_EMAIL'] ?? ''}:${value}`;
      return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    }
    case 'client-credentials':
      return bearer(sandbox.url, {
        grant_type: 'client_credentials',
        client_id: settings['CLIENT_ID'] ?? '',
        client_secret: value,
        scope: `target-entity:${settings['TARGET_ENTITY_ID'] ?? ''}`,
      });
    case 'jwt':
      return bearer(sandbox.url, {
        grant_type: 'refresh_token',
        client_id: settings['CLIENT_ID'] ?? '',
        refresh_token: value,
      });
  }
}

async function bearer(url: string, form: Record<string, string>): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token, error } = (await answer.json()) as Record<string, string>;
  if (token === undefined) throw new Error(`no access token: ${error ?? answer.status}`);
  return { authorization: `Bearer ${token}` };
}
