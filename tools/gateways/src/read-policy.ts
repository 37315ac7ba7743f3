import { readFileSync } from 'node:fs';
import { readRoleRules } from '#gatehouse/auth/forward';
import { exitCodes, ExitError, misused } from '#gatehouse/platform';
import { command, type GatewaysArguments } from './arguments.js';
import { readIssuer } from './issuer.js';
import { defaultLimits, type Policy, type SecondApi } from './policy.js';
import { algorithms } from './public-key.js';

/** Builds the policy from the command line and the issuer's documents. */
export async function readPolicy(args: GatewaysArguments): Promise<Policy> {
  const secondApi = secondApiOf(args);
  const roleRules = args.roles === undefined ? undefined : readRoles(args.roles);
  return {
    ...(await readIssuer(args.issuer, args.allowInsecure)),
    audiences: args.audience,
    algorithms,
    api: args.api ?? { address: '127.0.0.1', port: 3000 },
    secondApi,
    forwardAuth: args.forwardAuth ?? [{ address: '127.0.0.1', port: 3002 }],
    tokenLocation: args.token,
    cookieName: args.cookie,
    listen: args.listen ?? { address: '127.0.0.1', port: 8080 },
    roleRules,
    limits: defaultLimits,
  };
}

function secondApiOf(args: GatewaysArguments): SecondApi | undefined {
  const { secondApi, secondHost, secondAudience, secondForwardAuth } = args;
  if (secondApi && secondHost !== undefined && secondAudience) {
    return {
      ...secondApi,
      hostname: secondHost,
      audiences: secondAudience,
      forwardAuth: secondForwardAuth ?? [{ address: '127.0.0.1', port: 3012 }],
    };
  }
  if (secondApi ?? secondHost ?? secondAudience ?? secondForwardAuth)
    throw misused(command, 'A second service needs --second-api, --second-host and --second-audience.');
  return undefined;
}

/**
 * Returns the rules of a file without comments, which start with `#`; each is checked with the parser of the
 * forward-auth server.
 */
function readRoles(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').split(/\r?\n/);
    const rules = lines.map((text) => text.trim()).filter((text) => text !== '' && !text.startsWith('#'));
    const odd = rules.find((rule) => /["'`\\$;]/.test(rule));
    if (odd !== undefined) throw new Error(`${odd} has a quote, semicolon, backslash or dollar sign`);
    if (readRoleRules(rules.join('\n')).length === 0) throw new Error('there is no rule');
    return rules.join('\n');
  } catch (error) {
    throw new ExitError(
      `${file} contains no usable rules: ${(error as Error).message}. Give --roles a file of lines such as GET /todos todo-reader.`,
      exitCodes.badConfiguration,
    );
  }
}
