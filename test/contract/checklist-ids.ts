/** Ids of the security checklist that a sentence covers, for the title of its tests. */
const ids: Readonly<Record<string, readonly string[]>> = {
  'answers a request without a credential with 401 and a challenge without an error': ['OA-2'],
  'answers a malformed credential with 400': ['OA-2'],
  'answers a credential sent twice with 400, even if one of the two is valid': ['OA-1'],
  'answers two kinds of credentials with 400, and asks FusionAuth about neither': ['OA-1'],
  'answers a credential in the query with 400': ['OA-1', 'OA-3'],
  'refuses a credential meant for another API': ['JWT-9', 'OA-9'],
  'refuses a credential of another tenant': ['JWT-8'],
  'refuses an ID token in place of an access token': ['JWT-11'],
  'refuses a token that is bound to a key (cnf) as a bearer token': ['OA-13'],
  'refuses the real password in place of the authentication token': ['OA-10'],
  'refuses a key with permissions beyond this API with 403, and raises an alarm': ['OA-9'],
  'refuses an expired credential': ['JWT-13'],
  'removes a role once the cache time is over': ['OA-5'],
  'refuses a token that FusionAuth reports as inactive': ['OA-4'],
  'answers a principal without the role with 403': ['OA-2'],
  'answers 503 while FusionAuth drops connections, and recovers': ['HTTP-2'],
  'answers 503 while FusionAuth hangs, within two seconds, and recovers': ['HTTP-2'],
  'answers 503 while FusionAuth answers 500, and recovers': ['HTTP-2'],
  'answers 503 while FusionAuth answers 429, and recovers': ['HTTP-2'],
  'answers 503 with an alarm, not 401, when FusionAuth refuses our own credentials': ['OA-6', 'HTTP-2'],
  'trusts a verified credential for the cache time, to the millisecond on the given clock': ['OA-5'],
  'gives the same answer to an unknown login and to a wrong secret': ['HTTP-3'],
};

/** Returns the sentence with the ids that it covers, if any. */
export const tagged = (title: string): string => {
  const held = ids[title];
  return held ? `${title} (${held.join(', ')})` : title;
};

export const taggedSentences = Object.keys(ids);
