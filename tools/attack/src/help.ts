import { groupNames } from './corpus/corpus.js';
import { developmentTarget } from './target.js';

/** The text of `--help`. */
export const help = `attack: sends an API of yours everything it should refuse, and what it must not refuse

It is its own issuer: it makes fresh keys, serves discovery, key set, introspection and the records of users, as a
FusionAuth does, on this machine. Point your API at it (the first lines say how), then run

  npm run attack -- --url URL

For the Todo API of this repository:

  FUSIONAUTH_URL=http://127.0.0.1:9012 FUSIONAUTH_ENTITY_ID=${developmentTarget.entityId} npm run todo-api
  npm run attack -- --url http://127.0.0.1:3000 --role-path /todos

Any API will do, in any language: 400, 401 and 403 are refusals, 2xx is an acceptance, 500 and more is a failure.

Options:
  --url URL             the API
  --path PATH           a guarded GET route that admits whoever is authenticated (default /me)
  --role-path PATH      a guarded GET route that demands one of --roles; without it what needs one is not sent
  --roles LIST          roles of good tokens (default ${developmentTarget.roles.join()})
  --issuer-port PORT    where the issuer listens, on 127.0.0.1; 0 picks a free one (default 9012)
  --issuer TEXT         iss of the tokens (default: the URL of the issuer)
  --application ID      audience and applicationId of users' tokens (default ${developmentTarget.applicationId})
  --tenant ID           tid (default ${developmentTarget.tenantId})
  --entity ID           audience of machines' tokens; none: good ones are not sent (default ${developmentTarget.entityId})
  --max-lifetime N      seconds that a token may live in your API (default ${developmentTarget.maxLifetimeSeconds})
  --clock-skew N        seconds that clocks may differ in your API (default ${developmentTarget.clockSkewSeconds})
  --algorithms LIST     those that your API accepts; good tokens of others are not sent
  --mode MODE           how your API checks: local (default), introspection or session, which notice more; cookies: it
                        takes the token from FusionAuth's cookie too (sends only what is about that)
  --only GROUP          one group; repeat it for several
  --mutations N         good tokens spoiled at random, beside the corpus (default 500)
  --seed N              repeats the random choices of an earlier run
  --wait N              seconds to wait for your API to accept a good token (default 30)
  --json FILE           also writes the result as JSON
  --help                this text

Groups: ${[...groupNames, 'mutations'].join(', ')}

Exit codes: 0 nothing let through and everything legal accepted; 1 not so; 2 wrong usage; 4 the API cannot be reached.
`;
