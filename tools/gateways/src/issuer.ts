import { z } from 'zod';
import { exitCodes, ExitError, isLoopback } from '#gatehouse/platform';
import { plainText } from './plain-text.js';
import { keysOf, type PublicKey } from './public-key.js';

/** The facts about an issuer that gateways need. */
export interface Issuer {
  /** `iss` of its tokens, from its discovery document. */
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly keys: readonly PublicKey[];
}

const timeoutMs = 5_000;
const maxAnswerBytes = 256 * 1024;

const discoveryDocument = z.object({
  issuer: plainText(),
  jwks_uri: plainText().refine((text) => /^https?:\/\//.test(text), 'must be an http or https URL'),
});

/**
 * Reads the discovery document below `url` (OpenID Connect Discovery 1.0 section 4) and the key set that it names.
 * Throws an ExitError 4 where they do not answer, and 78 where they contain nothing that a gateway could use, or would
 * be read over plain http from another machine, where an attacker could replace the keys; `allowInsecure` trusts the
 * network.
 */
export async function readIssuer(url: string, allowInsecure: boolean): Promise<Issuer> {
  if (!allowInsecure) requireSecure(url);
  const address = `${url}/.well-known/openid-configuration`;
  const document = discoveryDocument.safeParse(await read(address));
  if (!document.success) {
    const [issue] = document.error.issues;
    throw unusable(`${address}: ${issue?.path.join('.') || 'the document'} ${issue?.message ?? ''}`);
  }
  const { issuer, jwks_uri: jwksUrl } = document.data;
  if (!allowInsecure) requireSecure(jwksUrl);
  return { issuer, jwksUrl, keys: await readKeys(jwksUrl) };
}

/** Reads the key set of an issuer; throws as {@link readIssuer} does. */
export async function readKeys(jwksUrl: string): Promise<readonly PublicKey[]> {
  const answer = await read(jwksUrl);
  try {
    return keysOf(answer);
  } catch (error) {
    throw unusable(`${jwksUrl} ${(error as Error).message}`);
  }
}

function requireSecure(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !isLoopback(hostname)) {
    throw unusable(
      `${url}: plain http leaves this machine, and with it the keys: use https, or add --allow-insecure where the network is trusted`,
    );
  }
}

async function read(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (answer.status !== 200) throw new Error(`it answers ${answer.status}`);
    return JSON.parse(await textOf(answer));
  } catch (cause) {
    throw new ExitError(
      `${url} cannot be read (${reasonOf(cause as Error)}): start FusionAuth, or give --issuer the URL below which it serves /.well-known/openid-configuration.`,
      exitCodes.unavailable,
      { cause },
    );
  }
}

/** Reads a body; stops as soon as it is too large. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const parts: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? [];
  for await (const chunk of parts) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new Error('its answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Returns the message of an error of Node's fetch, which states the reason only in its cause. */
const reasonOf = ({ message, cause }: Error): string => (cause as Error | undefined)?.message || message;

const unusable = (sentence: string) => new ExitError(`${sentence}.`, exitCodes.badConfiguration);
