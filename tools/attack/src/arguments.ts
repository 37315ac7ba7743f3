import { z } from 'zod';
import {
  type Arguments,
  commaList,
  httpUrl,
  identifier,
  integer,
  option,
  outputFile,
  port,
} from '#gatehouse/platform';
import { groupNames } from './corpus/corpus.js';
import { developmentTarget, modes, type Target } from './target.js';

const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'] as const;
const groups = [...groupNames, 'mutations'];
const text = () => z.string();
const path = () => text().startsWith('/', 'must begin with a slash');

const options = {
  url: option(httpUrl(), { value: 'URL', about: 'the API' }),
  path: option(path().default('/me'), {
    value: 'PATH',
    about: 'a guarded GET route that admits any authenticated caller',
  }),
  rolePath: option(path().optional(), {
    value: 'PATH',
    about: 'a guarded GET route that requires one of --roles; without it, kinds that need one are skipped',
  }),
  roles: option(commaList(text()).default([...developmentTarget.roles]), {
    value: 'LIST',
    about: 'roles in valid tokens',
  }),
  issuerPort: option(port().default(9012), {
    value: 'PORT',
    about: 'port of the issuer, on 127.0.0.1; 0 picks a free one',
  }),
  issuer: option(text().optional(), {
    value: 'TEXT',
    about: 'iss of the tokens (default: the URL of the issuer)',
  }),
  application: option(identifier().default(developmentTarget.applicationId), {
    value: 'ID',
    about: 'audience and applicationId of users’ tokens',
  }),
  tenant: option(identifier().default(developmentTarget.tenantId), { value: 'ID', about: 'tid' }),
  entity: option(identifier().default(developmentTarget.entityId), {
    value: 'ID',
    about: 'audience of machines’ tokens; none: valid ones are not sent',
  }),
  maxLifetime: option(integer(0, 86_400).default(developmentTarget.maxLifetimeSeconds), {
    value: 'N',
    about: 'longest token lifetime that your API accepts, in seconds',
  }),
  clockSkew: option(integer(0, 300).default(developmentTarget.clockSkewSeconds), {
    value: 'N',
    about: 'clock skew that your API accepts, in seconds',
  }),
  algorithms: option(
    commaList(z.enum(algorithms, `must be some of ${algorithms.join(', ')}`)).default([...algorithms]),
    {
      value: 'LIST',
      about: 'algorithms that your API accepts; valid tokens of others are not sent',
    },
  ),
  mode: option(z.enum(modes, `must be one of ${modes.join(', ')}`).default('local'), {
    value: 'MODE',
    about:
      'how your API checks tokens: local; introspection or session, which notice more; cookies: it also reads FusionAuth’s cookie (sends only kinds about cookies)',
  }),
  only: option(z.array(z.enum(groups, `must be one of ${groups.join(', ')}`)).optional(), {
    value: 'GROUP',
    about: 'only this group; repeat it for several',
    repeated: true,
  }),
  mutations: option(integer(0, 1_000_000).default(500), {
    value: 'N',
    about: 'number of randomly mutated tokens to send besides the corpus',
  }),
  seed: option(integer(0, 2 ** 31).optional(), {
    value: 'N',
    about: 'repeats the random choices of an earlier run',
  }),
  wait: option(integer(0, 3_600).default(30), {
    value: 'N',
    about: 'seconds to wait for your API to accept a valid token',
  }),
  json: option(outputFile().optional(), { value: 'FILE', about: 'also writes the result as JSON' }),
};

export const commandLine = { command: 'npm run attack', options };

export type AttackArguments = Arguments<typeof options>;

/** Returns the expectations of the API under attack; without an issuer, those of the tool's own. */
export const targetOf = (
  wanted: AttackArguments,
): Omit<Target, 'issuer'> & { issuer: string | undefined } => ({
  issuer: wanted.issuer,
  applicationId: wanted.application,
  tenantId: wanted.tenant,
  entityId: wanted.entity === 'none' ? undefined : wanted.entity,
  roles: wanted.roles,
  maxLifetimeSeconds: wanted.maxLifetime,
  clockSkewSeconds: wanted.clockSkew,
});

export const about = `sends your API requests that it must refuse, and some that it must accept

It is its own issuer: it makes fresh keys, serves discovery, key set, introspection and the records of users, as a
FusionAuth does, on this machine. Point your API at it (the first lines say how), then run

  npm run attack -- --url URL

For the Todo API of this repository:

  FUSIONAUTH_URL=http://127.0.0.1:9012 FUSIONAUTH_ENTITY_ID=${developmentTarget.entityId} npm run todo-api
  npm run attack -- --url http://127.0.0.1:3000 --role-path /todos

Any API will do, in any language: 400, 401 and 403 are refusals, 2xx is an acceptance, 500 and more is a failure.`;

export const notes = `Groups: ${groups.join(', ')}

Exit codes: 0 every hostile request refused and every legal one accepted; 1 otherwise; 2 wrong usage; 4 the API cannot be reached.`;
