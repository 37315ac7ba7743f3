import { answersAt, type Endpoint, hostAndPort } from './endpoint.js';
import type { Algorithm, PublicKey } from './public-key.js';

/** The policy that every gateway must enforce, in any configuration language. */
export interface Policy {
  /** Exact `iss`: FusionAuth's issuer is free text and need not be a URL. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly algorithms: readonly Algorithm[];
  readonly jwksUrl: string;
  /** The issuer's keys at the time of writing, for gateways with their own copy. */
  readonly keys: readonly PublicKey[];
  readonly api: Endpoint;
  readonly secondApi?: SecondApi | undefined;
  /** Forward-auth servers with equal settings; a gateway asks the next one where one is down. */
  readonly forwardAuth: readonly [Endpoint, ...Endpoint[]];
  readonly tokenLocation: 'header' | 'cookie';
  readonly cookieName: string;
  readonly listen: Endpoint;
  /** Lines of ROLE_RULES for the forward-auth server; a gateway's own checks do not include roles. */
  readonly roleRules?: string | undefined;
  readonly limits: Limits;
}

/** A second service behind the same gateway, with its own host name. */
export interface SecondApi extends Endpoint {
  readonly hostname: string;
  /** Tokens for one service do not open the other. */
  readonly audiences: readonly string[];
  /** Its own forward-auth servers, because the audience and the role rules are settings of theirs. */
  readonly forwardAuth: readonly [Endpoint, ...Endpoint[]];
}

/**
 * Returns why a proxy cannot apply the policy: it would pass its requests to itself, without end. Undefined where it
 * calls other addresses than its own.
 */
export function callsItself({ listen, api, forwardAuth, secondApi }: Policy): string | undefined {
  const called = [api, ...forwardAuth, ...(secondApi ? [secondApi, ...secondApi.forwardAuth] : [])];
  return called.some((one) => answersAt(listen, one))
    ? `this program: the gateway would listen at ${hostAndPort(listen)} and call itself there; give --listen another port`
    : undefined;
}

export interface Limits {
  readonly maxBodyBytes: number;
  /** The time that a gateway waits for one verdict; longer than FUSIONAUTH_DEADLINE_MS of the forward-auth server. */
  readonly verdictMs: number;
  /** The allowed difference between clocks, where the gateway checks times itself. */
  readonly clockSkewSeconds: number;
}

export const defaultLimits: Limits = {
  maxBodyBytes: 10 * 1024 * 1024,
  verdictMs: 1_000,
  clockSkewSeconds: 30,
};
