import { type Claim, holds } from './claim.js';

const mode = 'api-key';
const expiry = {
  section: '9 API keys',
  tag: 'D',
  says: 'expirationInstant since 1.55; FusionAuth refuses the key from then on',
} as const;
const keyApi = {
  section: '9 API keys',
  tag: 'D',
  says: 'keys are made, changed and deleted by API since 1.26, with a key that is a key manager',
} as const;

export const apiKeyClaims: readonly Claim[] = [
  {
    id: 'api-key/one-secret',
    part: 'api-key',
    kind: 'strength',
    says: 'There is a single secret to hand over for each client.',
    about: 'gatehouse',
    verdict: (cells) => {
      const secrets = cells.number('set-up', 'secrets', mode);
      return secrets === 1
        ? { verdict: 'true', because: 'The key is the only secret.' }
        : {
            verdict: 'depends',
            because: `The client has its key alone. The operator of the API guards another, which lets the API recognise keys without storing them. Secrets in all: ${secrets}.`,
          };
    },
  },
  {
    id: 'api-key/good-for-ever',
    part: 'api-key',
    kind: 'strength',
    says: 'A key handed over once is valid for ever.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.seesInTime('expire-key', mode, 0)
        ? {
            verdict: 'outdated',
            because: 'A key can be given an end since 1.55, and is refused from then on.',
          }
        : { verdict: 'true', because: 'A key that was given an end went on working.' },
    facts: [
      expiry,
      {
        section: '17 The guide, old and new',
        tag: 'D',
        says: 'the newest version of the guide says: until revoked',
      },
    ],
    tests: [holds([mode], 'refuses an expired credential')],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/no-browser',
    part: 'api-key',
    kind: 'strength',
    says: 'Nobody needs a browser to obtain the credential.',
    about: 'gatehouse',
    verdict: (cells) => {
      const human = cells.number('set-up', 'human-steps', mode);
      return human === 0
        ? { verdict: 'true', because: 'It was made from start to finish by program.' }
        : { verdict: 'depends', because: `Of its steps ${human} are a person’s.` };
    },
  },
  {
    id: 'api-key/no-automatic-expiry',
    part: 'api-key',
    kind: 'challenge',
    says: 'There is no easy way to have keys expire by themselves.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.seesInTime('expire-key', mode, 0)
        ? {
            verdict: 'outdated',
            because:
              'expirationInstant does it since 1.55. Without one a key has no end: give every key one.',
          }
        : { verdict: 'true', because: 'A key that was given an end went on working.' },
    facts: [expiry],
    tests: [holds([mode], 'refuses an expired credential')],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/deleted-by-hand',
    part: 'api-key',
    kind: 'challenge',
    says: 'Keys have to be deleted by hand.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.seesInTime('delete-key', mode, 0)
        ? { verdict: 'outdated', because: 'A key is deleted by an API call, and refused afterwards.' }
        : { verdict: 'true', because: 'A key that was deleted by API went on working.' },
    facts: [keyApi],
    tests: [holds([mode], 'refuses a revoked credential once the trust time is over')],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/made-by-hand',
    part: 'api-key',
    kind: 'challenge',
    says: 'Keys cannot be made by program, except at installation.',
    about: 'fusionauth',
    verdict: (cells) =>
      cells.number('set-up', 'human-steps', mode) === 0
        ? {
            verdict: 'outdated',
            because: 'The API makes them. Only the first key manager is made by hand or at installation.',
          }
        : { verdict: 'depends', because: 'The API makes them, but this set-up needed a person.' },
    facts: [keyApi],
    tests: [
      {
        file: 'test/contract/control.spec.ts',
        sentences: ['issues an API key that opens the API and nothing more, and revokes it'],
      },
    ],
    decision: '0009-key-expiry',
  },
  {
    id: 'api-key/not-made-for-this',
    part: 'api-key',
    kind: 'challenge',
    says: 'FusionAuth’s API keys are not designed to guard somebody else’s API.',
    about: 'fusionauth',
    verdict: {
      verdict: 'true',
      because:
        'FusionAuth does not say whose key it was, keeps no record of its use, and a key without permissions opens ' +
        'everything. The guard works round it: it knows keys by their hash, records them itself and refuses a powerful one.',
    },
    facts: [
      { section: '9 API keys', tag: '#2802 #507', says: 'no record of a key’s last use or of its calls' },
      { section: '9 API keys', tag: 'D', says: 'empty permissions permit everything' },
    ],
    tests: [holds([mode], 'refuses a key with permissions beyond this API with 403, and raises an alarm')],
    decision: '0007-super-key',
  },
  {
    id: 'api-key/call-decides',
    part: 'api-key',
    kind: 'advice',
    says: 'Call any FusionAuth endpoint with the key: success means valid, 401 means deny.',
    about: 'fusionauth',
    verdict: {
      verdict: 'depends',
      because:
        'On the endpoint, and on the other answers. Some endpoints answer everybody. 404 means that the key is good and ' +
        'the object is missing. Time-outs and 5xx say nothing about the key, so the API answers 503.',
    },
    facts: [
      {
        section: '9 API keys',
        tag: 'D I',
        says: '401 without a body for bad keys, 404 for a good key and a missing object, 200 for everybody on /api/status',
      },
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
    part: 'api-key',
    kind: 'advice',
    says: 'A narrow key, read-only on a feature that nobody uses, opens only the API when it leaks.',
    about: 'fusionauth',
    verdict: (cells) => {
      const opened = cells.number('blast-radius', 'opened', mode);
      if (opened === 0) return { verdict: 'true', because: 'It opened none of the calls that were tried.' };
      return {
        verdict: 'depends',
        because: `On the feature. It opened ${opened} of the calls that were tried: the permission names an endpoint, so a key that may read one object there may read them all. Use groups; applications carry client secrets.`,
      };
    },
    facts: [
      {
        section: '1 Ten facts, item 9',
        tag: 'O',
        says: 'who may read one application may list them, and the schema carries client secrets',
      },
    ],
    tests: [
      {
        file: 'test/contract/control.spec.ts',
        sentences: ['issues an API key that opens the API and nothing more, and revokes it'],
      },
    ],
    decision: '0006-probe-group',
  },
];
