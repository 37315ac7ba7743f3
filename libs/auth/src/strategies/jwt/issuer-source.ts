import type { StrategyParts } from '../strategy-parts.js';

const retryEvery = 2_000;

export interface IssuerSource {
  /** The exact `iss` of access tokens; undefined until known. */
  current(): string | undefined;
  /** Why it is unknown, if it is. */
  pending(): readonly string[];
  /** Asks once, and from then on every 2 s until there is an answer. */
  start(): Promise<void>;
  close(): void;
}

/** The issuer as configured, else as FusionAuth's discovery document names it. */
export function issuerSource(
  configured: string | undefined,
  { fusionAuth, log }: Pick<StrategyParts, 'fusionAuth' | 'log'>,
): IssuerSource {
  let issuer = configured;
  let closed = false;
  let failing = false;
  let retry: NodeJS.Timeout | undefined;
  const learn = async (): Promise<void> => {
    try {
      issuer ??= await fusionAuth.readIssuer();
      if (failing) log.info({ issuer }, 'discovery can be read again');
    } catch (error) {
      if (closed) return;
      if (!failing) log.warn({ err: error }, 'discovery cannot be read; trying again every 2 s');
      failing = true;
      retry = setTimeout(() => void learn(), retryEvery).unref();
    }
  };
  const close = () => {
    closed = true;
    clearTimeout(retry);
  };
  const pending = () =>
    issuer === undefined ? ['the issuer is not known: discovery cannot be read yet'] : [];
  return { current: () => issuer, pending, start: learn, close };
}
