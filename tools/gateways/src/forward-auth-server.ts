import { readRoleRules } from '#gatehouse/auth/forward';
import { uuid } from '#gatehouse/platform';
import { hostAndPort } from './endpoint.js';
import type { Gateway } from './gateway.js';
import type { Policy, SecondApi } from './policy.js';
import { fill } from './template.js';

/**
 * The settings of the forward-auth servers, as environment files. These servers apply the policy for gateways that ask
 * them, so the files are written beside those gateways' configurations. It is not a gateway itself.
 */
export const forwardAuthServer: Gateway = {
  name: 'forward-auth',
  title: 'The forward-auth server',
  mode: 'forward-auth',
  checkedBy: 'not checked: npm run forward-auth -- --check-config does that',
  guardsSecondApi: true,
  cannot(policy) {
    const { secondApi } = policy;
    const audiences = [policy.audiences, secondApi?.audiences ?? []];
    if (secondApi && sharesServer(policy, secondApi) && !sameAudiences(policy, secondApi))
      return 'the forward-auth server, which would accept the same tokens for both services: give --second-forward-auth other addresses';
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
    if (sharesServer(policy, secondApi)) return [settings('api.env', { ...policy, about: 'both services' })];

    const roleRules = rulesOf(policy, isOfSecond);
    const second = { ...policy, ...secondApi, roleRules, about: secondApi.hostname };
    return [settings('api.env', first), settings('second-api.env', second)];
  },
};

const sharesServer = ({ forwardAuth }: Policy, second: SecondApi): boolean =>
  forwardAuth.some((one) => second.forwardAuth.some((other) => hostAndPort(one) === hostAndPort(other)));

const sameAudiences = ({ audiences }: Policy, second: SecondApi): boolean =>
  audiences.join() === second.audiences.join();

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
