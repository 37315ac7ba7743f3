import { pages, thread } from '../fusionauth-documents.js';
import {
  assumed,
  type Claim,
  depends,
  documented,
  holds,
  isOutdated,
  isTrue,
  reported,
  type Rule,
} from './claim.js';
import { withoutPerson } from './rules.js';

const mode = 'api-key';
const expiry = documented(
  'expirationInstant, since 1.55: the key is refused after that instant',
  pages.apiKeys,
);
const keyApi = documented(
  'the API creates, changes and deletes keys since 1.26, with a key that is a key manager',
  pages.apiKeys,
);
const issued = {
  file: 'test/contract/control.spec.ts',
  sentences: ['issues an API key that is valid for the API and nothing else, and revokes it'],
};

/** Judges a claim that keys do not expire. */
const neverExpires =
  (because: string): Rule =>
  (cells) =>
    cells.seesInTime('expire-key', mode, 0)
      ? isOutdated(because)
      : isTrue('A key still worked after its expiry.');

export const apiKeyClaims: readonly Claim[] = [
  {
    id: 'api-key/one-secret',
    kind: 'strength',
    says: 'There is a single secret to deliver for each client.',
    about: 'gatehouse',
    verdict: (cells) => {
      const secrets = cells.number('set-up', 'secrets', mode);
      return secrets === 1
        ? isTrue('The key is the only secret.')
        : depends(
            `The client has only its key. The operator of the API guards another secret, which lets the API recognize keys without storing them. Secrets in all: ${secrets}.`,
          );
    },
  },
  {
    id: 'api-key/good-for-ever',
    kind: 'strength',
    says: 'A key is delivered once and is then valid forever.',
    about: 'fusionauth',
    verdict: neverExpires('Since 1.55 a key can have an expiry, after which it is refused.'),
    facts: [expiry, documented('the newest version of the guide says: until revoked', pages.guide)],
    tests: [holds([mode], 'refuses an expired credential')],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/no-browser',
    kind: 'strength',
    says: 'Nobody needs a browser to obtain the credential.',
    about: 'gatehouse',
    verdict: withoutPerson(mode),
  },
  {
    id: 'api-key/no-automatic-expiry',
    kind: 'challenge',
    says: 'Keys do not expire by themselves without effort.',
    about: 'fusionauth',
    verdict: neverExpires(
      'expirationInstant does it since 1.55. A key without one never expires: set it for every key.',
    ),
    facts: [expiry],
    tests: [holds([mode], 'refuses an expired credential')],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/deleted-by-hand',
    kind: 'challenge',
    says: 'Keys have to be deleted by hand.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.seesInTime('delete-key', mode, 0)
        ? isOutdated('An API call deletes a key, which is refused afterwards.')
        : isTrue('A key still worked after an API call had deleted it.'),
    facts: [keyApi],
    tests: [holds([mode], 'refuses a revoked credential once the cache time is over')],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/made-by-hand',
    kind: 'challenge',
    says: 'Programs cannot create keys, except at installation.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.number('set-up', 'human-steps', mode) === 0
        ? isOutdated(
            'The API creates keys. Only the first key manager is created by hand or at installation.',
          )
        : depends('The API creates keys, but this set-up needed a person.'),
    facts: [keyApi],
    tests: [issued],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/not-made-for-this',
    kind: 'challenge',
    says: 'FusionAuth’s API keys are not designed to guard somebody else’s API.',
    about: 'fusionauth',
    verdict: isTrue(
      'FusionAuth does not say whose key it was, does not record its use, and a key without permissions permits ' +
        'everything. The guard compensates: it recognizes keys by their hash, records their use itself and refuses a key that permits more.',
    ),
    facts: [
      reported('neither the last use of a key nor its calls are recorded', thread(2802), thread(507)),
      documented('empty permissions permit everything', pages.apiKeys),
    ],
    tests: [holds([mode], 'refuses a key with permissions beyond this API with 403, and raises an alarm')],
    decision: '0007-super-key',
  },
  {
    id: 'api-key/call-decides',
    kind: 'advice',
    says: 'Call any FusionAuth endpoint with the key: success means valid, 401 means deny.',
    about: 'fusionauth',
    verdict: depends(
      'On the endpoint, and on the other answers. Some endpoints answer everyone. 404 means that the key is valid and ' +
        'the object is missing. Time-outs and 5xx say nothing about the key, so the API answers 503.',
    ),
    facts: [
      documented('401 and 404 have no body; /api/status answers everyone', pages.apis, pages.system),
      assumed('404 is the answer to a valid key for a missing object', pages.apis),
    ],
    tests: [
      holds(
        [mode],
        'answers 503 while FusionAuth answers 500, and recovers',
        'answers 503 while FusionAuth answers with a page, and recovers',
      ),
    ],
    decision: '0008-probe-404',
  },
  {
    id: 'api-key/narrow-key-is-harmless',
    kind: 'advice',
    says: 'A narrow key, read-only on a feature that nobody uses, gives access only to the API when it leaks.',
    about: 'fusionauth',
    verdict: (cells) => {
      const opened = cells.number('blast-radius', 'opened', mode);
      return opened === 0
        ? isTrue('It permitted none of the calls that were tried.')
        : depends(
            `On the feature. Calls that it permitted, of those that were tried: ${opened}. A permission names an endpoint, so a key that may read one object there may read them all. Use groups; applications carry client secrets.`,
          );
    },
    facts: [
      documented(
        'a key that may read one application may list all of them, and the schema has client secrets',
        pages.applications,
      ),
    ],
    tests: [issued],
    decision: '0006-probe-group',
  },
];
