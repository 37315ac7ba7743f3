import type { Json } from '../../../issuer/src/signing-key.js';
import type { Mint, Signed } from './mint.js';

/** What is sent beside the path. */
export interface Presented {
  /** `GET` by default. */
  readonly method?: 'POST';
  /** Names and values in order; a name may occur twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without the question mark. */
  readonly query?: string;
  /** What was done to a good token, where a name does not say it. */
  readonly note?: string;
}

/** Makes what is sent, with the keys and the clock of the run. */
export type Make = (mint: Mint) => Presented;

type Change = Json | ((mint: Mint) => Json);
const resolved = (change: Change, mint: Mint): Json => (typeof change === 'function' ? change(mint) : change);

/** The token where RFC 6750 section 2.1 wants it. */
export const bearer = (token: string): Presented => ({ headers: [['Authorization', `Bearer ${token}`]] });

/** A token sent as a bearer. */
export const sent =
  (token: (mint: Mint) => string): Make =>
  (mint) =>
    bearer(token(mint));

/** Any token, signed by the issuer by default. */
export const signed = (parts: (mint: Mint) => Signed): Make => sent((mint) => mint.jws(parts(mint)));

/** A user's token with changed claims, rightly signed; undefined removes a claim. */
export const user = (claims: Change, header: Change = {}): Make =>
  sent((mint) => mint.token(resolved(claims, mint), resolved(header, mint)));

/** A user's token with changed header parameters, rightly signed. */
export const header = (change: Change): Make => user({}, change);

/** A machine's token with changed claims, rightly signed. */
export const machine = (claims: Change): Make => sent((mint) => mint.machine(resolved(claims, mint)));

/** The entity that machines' tokens are for. */
export const entityOf = ({ target }: Mint): string => target.entityId ?? 'none';

export type Header = readonly [name: string, value: string];

/** A good token, sent in headers made of it. */
export const inHeaders =
  (headers: (token: string) => readonly Header[]): Make =>
  (mint) => ({ headers: headers(mint.token()) });

/** The text in letters of the other case; with a letter added where it has none, so that it always differs. */
export function otherLetters(text: string): string {
  const others = [text.toUpperCase(), text.toLowerCase(), `${text}A`];
  return others.find((other) => other !== text) ?? text;
}
