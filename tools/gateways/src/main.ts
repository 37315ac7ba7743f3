import { setTimeout as delay } from 'node:timers/promises';
import { endOnSignal, exitCodes, misused, runTool } from '#gatehouse/platform';
import { about, command, type GatewaysArguments, notes, options } from './arguments.js';
import { forwardAuthServer } from './forward-auth-server.js';
import type { CheckResult, Gateway } from './gateway.js';
import { gateways } from './gateways/index.js';
import { generate } from './generate.js';
import { readKeys } from './issuer.js';
import type { Policy } from './policy.js';
import { readPolicy } from './read-policy.js';
import { keyWatch, runReload } from './watch.js';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const noKeys =
  'None of these gateways has key files, so there is nothing to watch: --watch is for haproxy-native and kong.';

await runTool({ name: 'gateways', command, about, notes, options, run });

async function run(args: GatewaysArguments): Promise<number> {
  const chosen = gateways.filter(({ name }) => args.only?.includes(name) ?? true);
  const withKeys = chosen.filter(({ holdsKeys }) => holdsKeys);
  if (args.watch && withKeys.length === 0) throw misused(command, noKeys);
  const policy = await readPolicy(args);
  const asks = chosen.some(({ mode }) => mode === 'forward-auth');
  let code: number = exitCodes.done;
  for (const gateway of [...chosen, ...(asks ? [forwardAuthServer] : [])]) {
    const checked = await generate(gateway, policy, args.out);
    if (checked.outcome === 'failed') code = exitCodes.workHeld;
    say(lineAbout(gateway, checked, policy));
  }
  say(nextStep(args.out, code));
  return args.watch && code === exitCodes.done ? watch(args, policy, withKeys) : code;
}

function nextStep(folder: string, code: number): string {
  return code === exitCodes.done
    ? `Written to ${folder}, a folder for each. How to run it: deploy/gateways/NAME/README.md.`
    : `The others are written to ${folder}; the old files of those that were refused are unchanged.`;
}

function lineAbout({ name, mode, guardsSecondApi }: Gateway, checked: CheckResult, policy: Policy) {
  const said = { passed: 'checked by', failed: 'NOT WRITTEN, refused by', 'not-installed': 'not checked:' };
  // Hasura asks who calls, and decides by its own permissions.
  const appliesRoles = mode === 'forward-auth' && name !== 'hasura-webhook';
  const without = [
    ...(policy.secondApi && !guardsSecondApi ? ['; it does not serve the second service'] : []),
    ...(policy.roleRules !== undefined && !appliesRoles ? ['; it does not apply --roles'] : []),
  ];
  return `${name.padEnd(22)} ${said[checked.outcome]} ${checked.detail}${without.join('')}`;
}

/** Watches until a signal stops it. */
async function watch(args: GatewaysArguments, policy: Policy, withKeys: readonly Gateway[]): Promise<never> {
  endOnSignal(() => Promise.resolve());
  const look = keyWatch({
    policy,
    gateways: withKeys,
    readKeys,
    write: (gateway, changed) => generate(gateway, changed, args.out),
    reload: () => (args.reload === undefined ? Promise.resolve() : runReload(args.reload)),
    say,
  });
  for (;;) {
    await delay(args.every * 1_000);
    await look();
  }
}
