import type { Policy } from './policy.js';

/** A file of a configuration, by its path below the gateway's folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** What a checker says of a folder. `not-installed`: nothing was checked, and `detail` names what is missing. */
export interface CheckResult {
  readonly outcome: 'passed' | 'failed' | 'not-installed';
  readonly detail: string;
}

export interface Gateway {
  /** Also the name of its folder below deploy/gateways/ and of its module in gateways/. */
  readonly name: string;
  readonly title: string;
  /** Whether the gateway verifies tokens itself or asks the forward-auth server. */
  readonly mode: 'native' | 'forward-auth';
  /** What looks at the configuration before it is put in force: `haproxy -c`; `not checked: why`. */
  readonly checkedBy: string;
  /** Its files hold copies of the issuer's public keys, so somebody must follow their rotation. */
  readonly holdsKeys?: true;
  /** Serves `secondApi` of the policy too. */
  readonly guardsSecondApi?: true;
  /** Who refuses a policy that the gateway cannot hold its requests to, and why; undefined where it can. */
  cannot?(policy: Policy): string | undefined;
  files(policy: Policy): readonly GeneratedFile[];
  /** Runs the gateway's own checker on the files in `directory`, and looks at what that checker does not. */
  check?(directory: string): Promise<CheckResult>;
}
