import type { StrategyName } from '#gatehouse/auth';
import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { FusionAuthControl } from '#gatehouse/fusionauth/control';
import type { Clock, Secret } from '#gatehouse/platform';
import type { DevCenterConfig } from '../config.js';

/** What an issuer works with. */
export interface IssuerParts {
  readonly control: FusionAuthControl;
  readonly data: FusionAuthData;
  readonly config: DevCenterConfig;
  readonly clock: Clock;
}

export interface Order {
  readonly client: { readonly name: string; readonly roles: readonly string[] };
  /** When it is to end by itself, in milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
}

/** Everything a client needs in order to present its credential, by the names of the Reminder App's variables. */
export interface HandOver {
  readonly settings: Readonly<Record<string, string>>;
  readonly secret: { readonly name: string; readonly value: Secret };
}

/** A credential that could be made: its ids are chosen, and FusionAuth knows nothing of it yet. */
export interface Plan {
  /** Id of the object that will represent it in FusionAuth. */
  readonly fusionauthId: string;
  /** The subject of its principal. */
  readonly subject: string;
  readonly expiresAt?: number | undefined;
  /** Makes it, and resolves once FusionAuth accepts it. `report` tells an operator how far it is. */
  readonly make: (report: (text: string) => void) => Promise<HandOver>;
}

/** Why an operator should look at a credential. */
export interface Remark {
  readonly kind: 'gone' | 'over-privileged' | 'drifted';
  readonly text: string;
}

/** What FusionAuth does for one kind of credential. Every method throws what `FusionAuthControl` throws. */
export interface Issuer {
  readonly plan: (order: Order) => Promise<Plan>;
  /** Tells FusionAuth when the credential ends, where it can enforce that. */
  readonly retire: (fusionauthId: string, endsAt: number) => Promise<void>;
  /** Ends it now and for good; succeeds where it no longer exists. */
  readonly end: (fusionauthId: string) => Promise<void>;
  /** Compares what FusionAuth permits it with the roles of its client. */
  readonly inspect: (fusionauthId: string, roles: readonly string[]) => Promise<readonly Remark[]>;
  /**
   * Resolves with the text that a client would present by means of its secret; undefined where it cannot be obtained.
   * Absent where obtaining it could spend the secret.
   */
  readonly present?: (fusionauthId: string, secret: string) => Promise<string | undefined>;
}

/** One way in which a credential comes about: all that the Dev Center needs to know of it. */
export interface IssuerDefinition {
  /** The strategy of the guard that accepts its credentials. */
  readonly strategy: StrategyName;
  /** What the client keeps, for an operator. */
  readonly secret: string;
  /** When the Todo API notices an end, for an operator; T is its CREDENTIAL_CACHE_SECONDS. */
  readonly endsWithin: string;
  /** Whether FusionAuth or the API refuses it once its end has come, although it is not removed yet. */
  readonly endIsEnforced: boolean;
  /** Whether its user logs in at FusionAuth, so that the credential is a session among others. */
  readonly hasSessions: boolean;
  readonly create: (parts: IssuerParts) => Issuer;
}

/** What FusionAuth permits beyond the client's roles, and what it lacks of them. */
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

export const gone: Remark = { kind: 'gone', text: 'no longer exists in FusionAuth, or is deactivated' };
