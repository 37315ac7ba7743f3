import { type TokenMinter, userClaims } from '../../issuer/src/token-minter.js';

interface MintOptions {
  /** Milliseconds since the epoch. */
  readonly now?: number;
  readonly onProgress?: (minted: number) => void;
}

/** `count` access tokens of registered users, each of another user, in FusionAuth's shape (some 1 kB). */
export async function mint(
  minter: TokenMinter,
  count: number,
  { now = Date.now(), onProgress }: MintOptions = {},
): Promise<string[]> {
  const tokens: string[] = [];
  while (tokens.length < count) {
    const batch = Array.from({ length: Math.min(500, count - tokens.length) }, () =>
      minter.mint(userClaims(now)),
    );
    tokens.push(...(await Promise.all(batch)));
    onProgress?.(tokens.length);
  }
  return tokens;
}

/** The token with another signature: everything about it is right but that. */
export function forged(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes.reverse();
  return [header, payload, bytes.toString('base64url')].join('.');
}
