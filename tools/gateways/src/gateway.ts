import type { Policy } from './policy.js';

/** A file of a configuration, with its path below the gateway's folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The result of a checker for a folder. `not-installed`: nothing was checked, and `detail` names the missing program.
 */
export interface CheckResult {
  readonly outcome: 'passed' | 'failed' | 'not-installed';
  readonly detail: string;
}

/** The beginning of `checkedBy` where there is no checker. */
export const notChecked = 'not checked: ';

export interface Gateway {
  /** Also the name of its folder below deploy/gateways/ and of its module in gateways/. */
  readonly name: string;
  readonly title: string;
  /** Whether the gateway verifies tokens itself or asks the forward-auth server. */
  readonly mode: 'native' | 'forward-auth';
  /** The checker of its configuration, such as `haproxy -c`; or {@link notChecked} and why there is none. */
  readonly checkedBy: string;
  /** True where its files contain copies of the issuer's public keys, which must follow their rotation. */
  readonly holdsKeys?: true;
  /** True where it also serves the policy's `secondApi`. */
  readonly guardsSecondApi?: true;
  /** Returns the program that cannot enforce a policy, and why; undefined where all can. */
  cannot?(policy: Policy): string | undefined;
  files(policy: Policy): readonly GeneratedFile[];
  /** Runs the gateway's own checker on the files in `directory`, and checks what that checker does not. */
  check?(directory: string): Promise<CheckResult>;
}
