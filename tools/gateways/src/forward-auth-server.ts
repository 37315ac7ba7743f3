import { readRoleRules } from '#gatehouse/auth/forward';
import { uuid } from '#gatehouse/platform';
import type { Gateway } from './gateway.js';
import type { Policy } from './policy.js';
import { fill } from './template.js';

/**
 * The settings of the forward-auth servers, as environment files. These servers apply the policy for gateways that ask
 * them, so the files are written beside those gateways' configurations. It is not a gateway itself.
 */
export const forwardAuthServer: Gateway = {
  name: 'forward-auth',
  title: 'The forward-auth server',
  mode: 'forward-auth',
  checkedBy: 'npm run forward-auth -- --check-config does',
  guardsSecondApi: true,
  cannot(policy) {
    const audiences = [policy.audiences, policy.secondApi?.audiences ?? []];
    if (audiences.some((list) => list.length > 2))
      return 'the forward-auth server, which accepts tokens for one application and one entity';
    return audiences.flat().every((id) => uuid().safeParse(id).success)
      ? undefined
      : 'the forward-auth server, which takes the UUIDs of an application and an entity for audiences';
  },
  files(policy) {
    const { secondApi } = policy;
    const isOfSecond = (rule: string) =>
      secondApi !== undefined && readRoleRules(rule)[0]?.host === secondApi.hostname.toLowerCase();
    // Where all rules are for the second service, the API gets them too: they match none of its requests, so it is
    // closed; without any rule it would be open.
    const ofFirst = rulesOf(policy, (rule) => !isOfSecond(rule)) ?? policy.roleRules;
    const first = { ...policy, roleRules: ofFirst, about: 'the API' };
    if (!secondApi) return [settings('api.env', first)];

    const roleRules = rulesOf(policy, isOfSecond);
    const second = { ...policy, ...secondApi, roleRules, about: secondApi.hostname };
    return [settings('api.env', first), settings('second-api.env', second)];
  },
};

/**
 * Returns the rules of one service. Rules that name the host of the second service are for its own server, all others
 * for the API's.
 */
function rulesOf({ roleRules }: Policy, isMine: (rule: string) => boolean): string | undefined {
  const mine = roleRules?.split('\n').filter(isMine) ?? [];
  return mine.length > 0 ? mine.join('\n') : undefined;
}

const settings = (path: string, data: Policy & { readonly about: string }) => ({
  path,
  text: fill('forward-auth/settings.env', data),
});
