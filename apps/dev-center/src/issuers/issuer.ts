import type { StrategyName } from '#gatehouse/auth';
import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { FusionAuthControl } from '#gatehouse/fusionauth/control';
import type { Clock, Secret } from '#gatehouse/platform';
import type { DevCenterConfig } from '../config.js';

/** The parts of an issuer. */
export interface IssuerParts {
  readonly control: FusionAuthControl;
  readonly data: FusionAuthData;
  readonly config: DevCenterConfig;
  readonly clock: Clock;
}

export interface Order {
  readonly client: { readonly name: string; readonly roles: readonly string[] };
  /** When it must expire, in milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
}

/** Everything that a client needs to present its credential, by the names of the Reminder App's variables. */
export interface HandOver {
  readonly settings: Readonly<Record<string, string>>;
  readonly secret: { readonly name: string; readonly value: Secret };
  /** The text that the client would present first, for a trial; it never leaves the process that issued it. */
  readonly presented?: Secret;
}

/** A credential that is about to be created: its ids are chosen, but nothing exists in FusionAuth. */
export interface Plan {
  /** Id of the object that will represent it in FusionAuth. */
  readonly fusionauthId: string;
  /** The subject of its principal. */
  readonly subject: string;
  /** The person who approved it, where it is a session of a person. */
  readonly personId?: string;
  readonly expiresAt?: number | undefined;
  /** Creates it, and resolves once FusionAuth accepts it. `report` tells an operator the progress. */
  readonly make: (report: (text: string) => void) => Promise<HandOver>;
}

/** A reason for an operator to check a credential. */
export interface Remark {
  readonly kind: 'gone' | 'over-privileged' | 'drifted';
  readonly text: string;
}

/** The operations at FusionAuth for one kind of credential. Every method throws what `FusionAuthControl` throws. */
export interface Issuer {
  readonly plan: (order: Order) => Promise<Plan>;
  /** Tells FusionAuth when the credential expires, if it can enforce that. */
  readonly retire: (fusionauthId: string, endsAt: number) => Promise<void>;
  /** Revokes it now and for good; succeeds if it no longer exists. */
  readonly end: (fusionauthId: string) => Promise<void>;
  /** Compares its permissions in FusionAuth with the roles of its client. */
  readonly inspect: (fusionauthId: string, roles: readonly string[]) => Promise<readonly Remark[]>;
  /**
   * Resolves with the text that a client would present by means of its secret; undefined if it cannot be obtained.
   * Absent if obtaining it could use up the secret.
   */
  readonly present?: (fusionauthId: string, secret: string) => Promise<string | undefined>;
}

/** Describes how a client presents it; the texts that a developer copies are made from this. */
export interface Use {
  /** The text that is presented, in shell syntax with the names of the {@link HandOver}. */
  readonly variable: string;
  /** The form that obtains an access token first, with its values in shell syntax. */
  readonly obtain?: Readonly<Record<string, string>>;
  /** The headers of a request in JavaScript, where `env` is the environment and `tokens` the answer to that form. */
  readonly headers: string;
  /** The advice for a secret that is exchanged for another one when it is used. */
  readonly note?: string;
}

/** Where to find its figures in the comparison. */
export interface Measured {
  /** The modes of the comparison, and what distinguishes them. */
  readonly modes: readonly { readonly id: string; readonly title: string }[];
  /** The row of the comparison's section on revocation lag: how its access is revoked. */
  readonly ending: string;
}

/** Defines a way to issue credentials: everything that the Dev Center needs to know about it. */
export interface IssuerDefinition {
  /** The strategy of the guard that accepts its credentials. */
  readonly strategy: StrategyName;
  /** The client's secret, in words for an operator. */
  readonly secret: string;
  /** When the Todo API notices a revocation, for an operator; T is its CREDENTIAL_CACHE_SECONDS. */
  readonly endsWithin: string;
  /** Whether FusionAuth or the API refuses it after its end even if it has not been removed. */
  readonly endIsEnforced: boolean;
  /** Whether its user logs in at FusionAuth, so that the credential is one of several sessions. */
  readonly hasSessions: boolean;
  /** Its usual name, and a sentence on how it is used. */
  readonly title: string;
  readonly about: string;
  readonly use: Use;
  readonly measured: Measured;
  readonly create: (parts: IssuerParts) => Issuer;
}

/** The permissions at FusionAuth beyond the client's roles, and those that are missing. */
export function compareRoles(found: readonly string[], wanted: readonly string[]): Remark[] {
  const remarks: Remark[] = [];
  const beyond = found.filter((role) => !wanted.includes(role));
  const missing = wanted.filter((role) => !found.includes(role));
  if (beyond.length > 0) {
    remarks.push({
      kind: 'over-privileged',
      text: `has ${beyond.join(', ')}, which its client does not have`,
    });
  }
  if (missing.length > 0)
    remarks.push({ kind: 'drifted', text: `lacks ${missing.join(', ')}, which its client has` });
  return remarks;
}

/** The headers with an access token that was obtained before. */
export const bearer = '{ Authorization: `Bearer ${tokens.access_token}` }';

export const gone: Remark = { kind: 'gone', text: 'no longer exists in FusionAuth, or is deactivated' };
