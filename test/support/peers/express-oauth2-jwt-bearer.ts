import { auth } from 'express-oauth2-jwt-bearer';
import type { Issuer } from '../../../tools/attack/src/issuer/start-issuer.js';
import { packageText, type Peer, servePeer } from './peer.js';

const settings = [
  `${packageText('express-oauth2-jwt-bearer')} with \`issuerBaseURL\`, \`audience\` and a \`clockTolerance\` of 30 s, the algorithms`,
  'by discovery',
].join(' ');

const leftToUsers = [
  '`maxTokenAge`, `strict` and `validators` are settings of',
  '[`auth`](https://auth0.github.io/node-oauth2-jwt-bearer/functions/auth.html), and an application checks its own claims with `claimEquals`,',
  '`claimIncludes`, `claimCheck` and `requiredScopes`',
  '([its documentation](https://github.com/auth0/node-oauth2-jwt-bearer/tree/main/packages/express-oauth2-jwt-bearer#readme)).',
].join(' ');

/** The set-up that its documentation shows. */
export function expressOauth2JwtBearerPeer({ url, target }: Issuer): Promise<Peer> {
  const guard = auth({
    issuerBaseURL: url,
    audience: [target.applicationId, ...(target.entityId === undefined ? [] : [target.entityId])],
    clockTolerance: target.clockSkewSeconds,
  });
  return servePeer(guard, {
    name: 'express-oauth2-jwt-bearer',
    settings,
    leftToUsers,
  });
}
