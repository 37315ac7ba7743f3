import { type Mode, validations } from '../target.js';
import type { Make } from './make.js';

/** Status and problem code of a refusal by this project's own guard. */
export type Refusal = readonly [status: number, code: string];

export const unauthorized: Refusal = [401, 'invalid_token'];
export const nothingPresented: Refusal = [401, 'credential_required'];
export const malformed: Refusal = [400, 'invalid_request'];
export const forbidden: Refusal = [403, 'insufficient_scope'];
export const crossSite: Refusal = [403, 'csrf_refused'];

/**
 * The basis of the refusal. `standard`: any verifier must refuse, by the RFC named. `issuer`: a verifier that knows
 * what FusionAuth signs must refuse. `policy`: stricter than the RFCs, or left by them to the application, for the
 * reason named.
 */
export type Owed = 'standard' | 'issuer' | 'policy';

interface Traits {
  /** Ids of the security checklist. */
  readonly ids: readonly string[];
  readonly owed: Owed;
  readonly refusal: Refusal;
  /** `any`: a route that admits any authenticated caller; `role`: one that requires a role. */
  readonly route: 'any' | 'role';
  /** The modes that must refuse it. */
  readonly noticedBy: readonly Mode[];
}

/** A kind of request that must be refused. It is made each time it is sent, with the keys and the clock of the run. */
export interface HostileKind extends Traits {
  readonly group: string;
  readonly name: string;
  /** The reason for the refusal, with the clause or the fact behind it. */
  readonly why: string;
  readonly make: Make;
}

/** A kind of request that must be accepted. */
export interface LegalKind extends Pick<Traits, 'route'> {
  readonly name: string;
  /** The modes that must accept it. */
  readonly acceptedBy: readonly Mode[];
  /** An API without this algorithm in its allow-list may refuse it. */
  readonly algorithm: string;
  /** True for a machine's token, which an API without an entity refuses. */
  readonly machine: boolean;
  readonly make: Make;
}

/** The kinds by their reason, then by name. */
type ByReason = Readonly<Record<string, Readonly<Record<string, Make>>>>;

/** Returns the kinds of a group that share their traits. */
export const kinds =
  (group: string, traits: Pick<Traits, 'ids'> & Partial<Traits>) =>
  (byReason: ByReason): HostileKind[] =>
    Object.entries(byReason).flatMap(([why, byName]) =>
      Object.entries(byName).map(([name, make]) => ({
        owed: 'standard',
        refusal: unauthorized,
        route: 'any',
        noticedBy: validations,
        ...traits,
        group,
        name,
        why,
        make,
      })),
    );

/** Returns legal kinds that share their traits, by name. */
export const legal =
  (traits: Partial<LegalKind> = {}) =>
  (byName: Readonly<Record<string, Make>>): LegalKind[] =>
    Object.entries(byName).map(([name, make]) => ({
      route: 'any',
      acceptedBy: validations,
      algorithm: 'RS256',
      machine: false,
      ...traits,
      name,
      make,
    }));
