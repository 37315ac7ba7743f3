import { type Environment, systemClock } from '#gatehouse/platform';
import { FaultProxy } from '../../tools/measure/src/fault-proxy.js';
import { type ContractWorld, startContractWorld } from '../contract/contract-world.js';
import type { Issued, ModeName } from '../contract/mode.js';
import { modeOf } from '../contract/modes.js';
import { SecretScan } from '../support/secret-scan.js';
import { type ApiProcess, startApiProcess } from './api-process.js';

/**
 * FusionAuth's stand-in, a proxy to it that can fail, the Todo APIs behind it, and a search of everything that they
 * write.
 */
export interface SoakWorld {
  readonly contract: ContractWorld;
  readonly proxy: FaultProxy;
  readonly startApi: (env: Environment) => Promise<ApiProcess>;
  /** Issues `count` valid credentials; they are searched for from now on. */
  readonly issue: (mode: ModeName, count: number) => Promise<Issued[]>;
  /** Adds credentials to search for from now on. */
  readonly learn: (what: string, issued: Issued) => void;
  /** Searches a text for every known credential. */
  readonly search: (text: string) => void;
  /** Returns what was searched and found so far. */
  readonly searched: () => {
    readonly lines: number;
    readonly secrets: number;
    readonly leaks: readonly string[];
  };
  readonly close: () => Promise<void>;
}

/** Credentials in the answers of FusionAuth that never leave the guard: above all, tokens of log-ins. */
const credentialsIn = /eyJ[\w-]+\.[\w-]+\.[\w-]{20,}|(?<="refreshToken":")[\w-]{20,}/g;

export async function startSoakWorld(): Promise<SoakWorld> {
  const contract = await startContractWorld(systemClock);
  const scan = new SecretScan();
  scan.learn('secret of the kickstart file', ...Object.values(contract.sandbox.secrets));
  const proxy = await FaultProxy.before(contract.sandbox.url, (bytes) => {
    scan.learn(
      'credential in an answer of FusionAuth',
      ...(bytes.toString('latin1').match(credentialsIn) ?? []),
    );
  });
  const apis: ApiProcess[] = [];
  const leaks: string[] = [];
  let lines = 0;
  const search = (text: string) => void leaks.push(...scan.find(text));
  const { FUSIONAUTH_API_KEY, FUSIONAUTH_CLIENT_SECRET } = contract.sandbox.secrets;
  return {
    contract,
    proxy,
    async startApi(env) {
      const own = { FUSIONAUTH_URL: proxy.url, FUSIONAUTH_API_KEY, FUSIONAUTH_CLIENT_SECRET, ...env };
      const api = await startApiProcess(own, (line) => {
        lines += 1;
        search(line);
      });
      apis.push(api);
      return api;
    },
    async issue(mode, count) {
      const issued: Issued[] = [];
      while (issued.length < count) issued.push(await modeOf(mode).issue(contract));
      scan.learn(mode, ...issued.flatMap(({ secrets }) => secrets));
      return issued;
    },
    learn: (what, { secrets }) => scan.learn(what, ...secrets),
    search,
    searched: () => ({ lines, secrets: scan.size, leaks }),
    async close() {
      await Promise.all(apis.map((api) => api.stop()));
      await proxy.close();
      await contract.close();
    },
  };
}
