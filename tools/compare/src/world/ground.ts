import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#gatehouse/platform';
import { type TokenMinter, tokenMinter } from '../../../issuer/src/token-minter.js';
import { FaultProxy } from '../../../measure/src/fault-proxy.js';
import { FusionAuthStandIn } from '../../../measure/src/fusionauth-stand-in.js';
import { startSandbox } from '../../../sandbox/src/start-sandbox.js';
import { Admin } from './admin.js';
import { type Apis, apisInProcess } from './apis.js';
import { type Journal, shortMemory } from './objects.js';
import { World } from './world.js';

/** A FusionAuth in which to make a world. */
export interface FusionAuthAt {
  readonly admin: Admin;
  readonly journal: Journal;
  /** `sandbox`, or the version of the FusionAuth. */
  readonly version: string;
  /** Whether its plan includes entities; by default it does. */
  readonly entities?: boolean;
  readonly close: () => Promise<void>;
}

export interface GroundParts {
  readonly apis: () => Promise<Apis>;
  readonly fusionAuth: () => Promise<FusionAuthAt>;
  /** Speeds up the first start of an embedded database; see openDatabase. */
  readonly databaseTemplate?: string;
}

/** Starts the sandbox, which stops with this process. */
export async function sandbox(): Promise<FusionAuthAt> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  const log = createLogger('sandbox', 'silent');
  const started = await startSandbox({ port: 0, host: '127.0.0.1', dataDir, log });
  return {
    admin: new Admin(started.url, started.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? ''),
    journal: shortMemory(),
    version: 'sandbox',
    async close() {
      await started.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const usualParts: GroundParts = { apis: apisInProcess, fusionAuth: sandbox };

/**
 * The resources that experiments share: processes, stand-ins, tokens. Closing it closes everything that was started, in
 * reverse order.
 */
export class Ground {
  readonly minter: TokenMinter = tokenMinter();
  readonly #started = new AsyncDisposableStack();
  readonly #tokens = new Map<string, string[]>();

  #world: Promise<World> | undefined;
  #sandbox: Promise<World> | undefined;
  #closing: Promise<void> | undefined;

  constructor(private readonly parts: GroundParts = usualParts) {}

  get databaseTemplate(): string | undefined {
    return this.parts.databaseTemplate;
  }

  /** Runs `work` with a process for APIs, which is closed afterwards. */
  async withApis<T>(work: (apis: Apis) => Promise<T>): Promise<T> {
    const apis = await this.parts.apis();
    await this.#keep(() => apis.close());
    return work(apis).finally(() => apis.close());
  }

  /** Returns a proxy to FusionAuth that can fail. */
  async proxy(world: World): Promise<FaultProxy> {
    const proxy = await FaultProxy.before(world.admin.url);
    await this.#keep(() => proxy.close());
    return proxy;
  }

  /** Starts a stand-in for FusionAuth that answers without computing, so that it never affects the measurement. */
  async standIn(): Promise<FusionAuthStandIn> {
    const standIn = await FusionAuthStandIn.start([this.minter.jwk], {});
    await this.#keep(() => standIn.close());
    return standIn;
  }

  /** Returns the first `count` tokens of a kind, minting missing ones; the same ones for every experiment. */
  async tokens(kind: string, count: number, mint: () => Promise<string>): Promise<readonly string[]> {
    const tokens = this.#tokens.get(kind) ?? [];
    this.#tokens.set(kind, tokens);
    while (tokens.length < count) {
      const batch = Array.from({ length: Math.min(500, count - tokens.length) }, mint);
      tokens.push(...(await Promise.all(batch)));
    }
    return tokens.slice(0, count);
  }

  /** Returns the FusionAuth whose behaviour is measured, with a tenant of our own; made on the first call. */
  world(): Promise<World> {
    const { fusionAuth } = this.parts;
    return fusionAuth === sandbox ? this.sandbox() : (this.#world ??= this.#makeWorld(fusionAuth));
  }

  /**
   * Returns the sandbox, for experiments about our own code that must not burden the operator's FusionAuth: an outage.
   */
  sandbox(): Promise<World> {
    return (this.#sandbox ??= this.#makeWorld(sandbox));
  }

  async #makeWorld(start: GroundParts['fusionAuth']): Promise<World> {
    const { admin, journal, version, entities, close } = await start();
    await this.#keep(close);
    const world = new World(admin, journal, version, entities);
    await this.#keep(() => world.end());
    await world.begin();
    return world;
  }

  /** Registers how to close what was just started. After the ground has closed, closes it at once and throws. */
  async #keep(close: () => Promise<void>): Promise<void> {
    if (!this.#closing) return this.#started.defer(close);
    await close();
    throw new Error('the comparison is ending');
  }

  /** Resolves once everything is closed, on every call: a signal may come while it is closing. */
  close(): Promise<void> {
    return (this.#closing ??= this.#started.disposeAsync());
  }
}
