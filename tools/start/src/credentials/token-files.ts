import { join } from 'node:path';
import { type Logger, writePrivateFile } from '#gatehouse/platform';
import type { Identity } from '../identities.js';

interface Tokens {
  readonly access_token: string;
  /** Lifetime in seconds. */
  readonly expires_in?: number | undefined;
}

interface TokenFilesOptions {
  readonly directory: string;
  readonly identities: readonly Identity[];
  readonly logIn: (identity: Identity) => Promise<Tokens>;
  readonly log: Logger;
  /** How often to check whether a renewal is due. */
  readonly checkEveryMs?: number;
}

interface TokenFiles {
  /** The first access tokens, by name of identity. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Stops the renewal. */
  stop(): void;
}

/**
 * Writes an access token for each identity into a private file named after it, and again at half of its lifetime.
 * Resolves when all are written; throws when one cannot be obtained.
 */
export async function keepTokenFiles(options: TokenFilesOptions): Promise<TokenFiles> {
  const { tokens, halfLifeMs } = await writeTokens(options);
  let renewAt = Date.now() + halfLifeMs;
  // Polls a clock instead of using one long timer, which a sleeping laptop would delay.
  const timer = setInterval(() => {
    if (Date.now() < renewAt) return;
    writeTokens(options).then(
      (renewed) => (renewAt = Date.now() + renewed.halfLifeMs),
      (error: unknown) =>
        options.log.warn({ err: error }, 'access tokens not renewed; the next attempt is soon'),
    );
  }, options.checkEveryMs ?? 60_000);
  return { tokens, stop: () => clearInterval(timer) };
}

async function writeTokens({ directory, identities, logIn }: TokenFilesOptions) {
  const answers = await Promise.all(
    identities.map(async (identity) => ({ ...identity, ...(await logIn(identity)) })),
  );
  for (const { name, access_token } of answers) writePrivateFile(join(directory, name), `${access_token}\n`);
  return {
    tokens: Object.fromEntries(answers.map(({ name, access_token }) => [name, access_token])),
    halfLifeMs: Math.min(...answers.map(({ expires_in = 3600 }) => expires_in)) * 500,
  };
}
