import { algorithm } from './groups/algorithm.js';
import { audiences } from './groups/audience.js';
import { authorizationHeaders } from './groups/authorization.js';
import { compactForm } from './groups/compact-form.js';
import { cookies } from './groups/cookies.js';
import { headers } from './groups/header.js';
import { issuers } from './groups/issuer.js';
import { jsonForm } from './groups/json.js';
import { keyHeaders } from './groups/key-header.js';
import { keySet } from './groups/key-set.js';
import { otherPlaces } from './groups/other-places.js';
import { published } from './groups/published.js';
import { endedSince } from './groups/revoked.js';
import { rights } from './groups/rights.js';
import { signatures } from './groups/signature.js';
import { sizes } from './groups/size.js';
import { subjects } from './groups/subject.js';
import { times } from './groups/times.js';
import { tokenKinds } from './groups/token-kind.js';
import type { HostileKind } from './kind.js';

/** Every kind of request that must be refused. */
export const hostileKinds: readonly HostileKind[] = [
  algorithm,
  headers,
  keyHeaders,
  compactForm,
  jsonForm,
  signatures,
  keySet,
  issuers,
  audiences,
  times,
  tokenKinds,
  subjects,
  rights,
  authorizationHeaders,
  otherPlaces,
  cookies,
  sizes,
  published,
  endedSince,
].flat();

export const groupNames: readonly string[] = [...new Set(hostileKinds.map(({ group }) => group))];
