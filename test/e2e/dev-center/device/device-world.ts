import type { ApprovalRequest } from '#gatehouse/fusionauth/control';
import { type Clock, parseConfig } from '#gatehouse/platform';
import type { CommandIO } from '../../../../apps/dev-center/src/commands/command.js';
import { type commands } from '../../../../apps/dev-center/src/commands/index.js';
import { type DevCenterConfig, devCenterSchema } from '../../../../apps/dev-center/src/config.js';
import { type CommandContext, createContext } from '../../../../apps/dev-center/src/context.js';
import type { HandOver } from '../../../../apps/dev-center/src/issuers/issuer.js';
import type { Issued } from '../../../../apps/dev-center/src/lifecycle/issue.js';
import { silentLog } from '../../../support/embedded-database.js';
import { commandNamed } from '../center-world.js';
import { type PortalWorld, startPortalWorld } from '../portal/portal-world.js';

/** The actions during each wait for the next poll; `shown` is the text that the person sees. */
export type Waits = ((shown: ApprovalRequest) => unknown)[];

export interface Outcome {
  readonly issued?: Issued;
  readonly error?: { readonly exitCode: number; readonly message: string };
  readonly handOver?: HandOver;
  readonly shown: ApprovalRequest;
  readonly reports: readonly string[];
  /** How long it waited before each poll, in seconds. */
  readonly waited: readonly number[];
}

export interface DeviceWorld extends PortalWorld {
  readonly center: CommandContext;
  /** Runs `issue --strategy jwt --device`, with other settings where they are named. */
  readonly issue: (
    args: object,
    waits: Waits,
    io?: Partial<CommandIO>,
    settings?: Partial<DevCenterConfig>,
  ) => Promise<Outcome>;
  /** Sets FusionAuth up again as the portal needs it. */
  readonly provision: () => Promise<unknown>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each command has a result of its own
  readonly run: (name: keyof typeof commands, args?: object) => Promise<any>;
}

/** A portal, and a Dev Center beside it whose waits for an approval take no time. */
export async function startDeviceWorld(clock: Clock, log = silentLog): Promise<DeviceWorld> {
  const world = await startPortalWorld({ clock, log });
  const { sandbox, env } = world;
  const secrets = ['FUSIONAUTH_MANAGER_KEY', 'FUSIONAUTH_API_KEY', 'FUSIONAUTH_CLIENT_SECRET'];
  const config = parseConfig(devCenterSchema, {
    ...Object.fromEntries(secrets.map((name) => [name, sandbox.secrets[name]])),
    FUSIONAUTH_URL: sandbox.url,
    DATA_DIR: env['DATA_DIR'],
    DATABASE_URL: env['DATABASE_URL'],
  });
  const waiting: { next: (milliseconds: number, signal?: AbortSignal) => Promise<void> } = {
    next: () => Promise.reject(new Error('nobody waits')),
  };
  const pause = (milliseconds: number, signal?: AbortSignal) => waiting.next(milliseconds, signal);
  const center = createContext(config, { database: world.api.database, log, clock, pause });

  return {
    ...world,
    center,
    provision: () => world.devCenter.run('provision', {}, quiet),
    run: (name, args = {}) => commandNamed(name).execute(args, center, quiet),
    async issue(args, waits, io = {}, settings = {}) {
      const shown: ApprovalRequest[] = [];
      const [reports, waited, handOvers]: [string[], number[], HandOver[]] = [[], [], []];
      waiting.next = async (milliseconds, signal) => {
        waited.push(milliseconds / 1000);
        await waits.shift()?.(shown[0]!);
        signal?.throwIfAborted();
      };
      const all: CommandIO = {
        ...quiet,
        report: (text) => void reports.push(text),
        deliver: (one) => Promise.resolve(void handOvers.push(one)),
        showApproval: (request) => void shown.push(request),
        ...io,
      };
      const order = { strategy: 'jwt', device: true, ...args };
      const result = await commandNamed('issue')
        .execute(order, { ...center, config: { ...center.config, ...settings } }, all)
        .then(
          (issued) => ({ issued: issued as Issued }),
          (error: unknown) => ({ error: error as NonNullable<Outcome['error']> }),
        );
      const [handOver] = handOvers;
      return { ...result, ...(handOver && { handOver }), shown: shown[0]!, reports, waited };
    },
    async close() {
      await center.close();
      await world.close();
    },
  };
}

const quiet: CommandIO = {
  actor: 'test',
  report: () => undefined,
  deliver: () => Promise.reject(new Error('nothing is handed out')),
};
