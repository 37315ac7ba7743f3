import type { Json } from '../../../issuer/src/signing-key.js';
import type { Mint, Signed } from './mint.js';

/** A request without its path. */
export interface Presented {
  /** `GET` by default. */
  readonly method?: 'POST';
  /** Names and values in order; a name may occur twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The query without the question mark. */
  readonly query?: string;
  /** The change to a valid token, where a name does not say it. */
  readonly note?: string;
}

/** Makes a request, with the keys and the clock of the run. */
export type Make = (mint: Mint) => Presented;

type Change = Json | ((mint: Mint) => Json);
const resolved = (change: Change, mint: Mint): Json => (typeof change === 'function' ? change(mint) : change);

/** Presents a token as RFC 6750 section 2.1 requires. */
export const bearer = (token: string): Presented => ({ headers: [['Authorization', `Bearer ${token}`]] });

/** Sends a token as a bearer token. */
export const sent =
  (token: (mint: Mint) => string): Make =>
  (mint) =>
    bearer(token(mint));

/** Sends any token, signed by the issuer by default. */
export const signed = (parts: (mint: Mint) => Signed): Make => sent((mint) => mint.jws(parts(mint)));

/** Makes a user's token with changed claims, correctly signed; undefined removes a claim. */
export const user = (claims: Change, header: Change = {}): Make =>
  sent((mint) => mint.token(resolved(claims, mint), resolved(header, mint)));

/** Makes a user's token with changed header parameters, correctly signed. */
export const header = (change: Change): Make => user({}, change);

/** Makes a machine's token with changed claims, correctly signed. */
export const machine = (claims: Change): Make => sent((mint) => mint.machine(resolved(claims, mint)));

/** Returns the entity that machines' tokens are for. */
export const entityOf = ({ target }: Mint): string => target.entityId ?? 'none';

export type Header = readonly [name: string, value: string];

/** Sends a valid token in headers derived from it. */
export const inHeaders =
  (headers: (token: string) => readonly Header[]): Make =>
  (mint) => ({ headers: headers(mint.token()) });

/** Returns the text in the other case; adds a letter where it has none, so that it always differs. */
export function otherCase(text: string): string {
  const others = [text.toUpperCase(), text.toLowerCase(), `${text}A`];
  return others.find((other) => other !== text) ?? text;
}
