import { type Mode, validations } from '../target.js';
import type { Mint } from './mint.js';

/** What is sent beside the path. */
export interface Presented {
  /** `GET` unless it is said. */
  readonly method?: 'POST';
  /** Names and values in order; a name may occur twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without the question mark. */
  readonly query?: string;
  /** What was done to a good token, where a name does not say it. */
  readonly note?: string;
}

/** Status and problem code of a refusal by this project's own guard. */
export type Refusal = readonly [status: number, code: string];

export const unauthorized: Refusal = [401, 'invalid_token'];
export const nothingPresented: Refusal = [401, 'credential_required'];
export const malformed: Refusal = [400, 'invalid_request'];
export const forbidden: Refusal = [403, 'insufficient_scope'];
export const crossSite: Refusal = [403, 'csrf_refused'];

/**
 * Whose job the refusal is. `standard`: any verifier's, by the RFC named. `issuer`: that of whoever knows what FusionAuth
 * signs. `policy`: stricter than the RFCs, or left by them to the application, for the reason named.
 */
export type Owed = 'standard' | 'issuer' | 'policy';

interface Traits {
  /** Ids of the security checklist. */
  readonly ids: readonly string[];
  readonly owed: Owed;
  readonly refusal: Refusal;
  /** `any`: a route that admits whoever is authenticated; `role`: one that demands a role. */
  readonly route: 'any' | 'role';
  /** The modes that must refuse it. */
  readonly noticedBy: readonly Mode[];
}

/** A kind of request that must be refused; made anew, with the keys and the clock of the run, each time it is sent. */
export interface HostileKind extends Traits {
  readonly group: string;
  readonly name: string;
  /** Why it matters, with the clause or the fact behind it. */
  readonly why: string;
  readonly make: (mint: Mint) => Presented;
}

/** A kind of request that must be accepted. */
export interface LegalKind extends Pick<Traits, 'route'> {
  readonly name: string;
  /** The modes that must accept it. */
  readonly acceptedBy: readonly Mode[];
  /** An API without this algorithm in its allow-list may refuse it. */
  readonly algorithm: string;
  /** It is a machine's, which an API without an entity refuses. */
  readonly machine: boolean;
  readonly make: (mint: Mint) => Presented;
}

/** Makes the kinds of one group, with traits that most of them share. */
export function group(name: string, shared: Pick<Traits, 'ids'> & Partial<Traits>) {
  return (kind: string, why: string, make: HostileKind['make'], own: Partial<Traits> = {}): HostileKind => ({
    owed: 'standard',
    refusal: unauthorized,
    route: 'any',
    noticedBy: validations,
    ...shared,
    ...own,
    group: name,
    name: kind,
    why,
    make,
  });
}

export const legal = (name: string, make: LegalKind['make'], traits: Partial<LegalKind> = {}): LegalKind => ({
  route: 'any',
  acceptedBy: validations,
  algorithm: 'RS256',
  machine: false,
  ...traits,
  name,
  make,
});

/** The token where RFC 6750 section 2.1 wants it. */
export const bearer = (token: string): Presented => ({ headers: [['Authorization', `Bearer ${token}`]] });
