import { auth } from 'express-oauth2-jwt-bearer';
import type { Issuer } from '../../../tools/attack/src/issuer/start-issuer.js';
import { packageText, type Peer, servePeer } from './peer.js';

const settings = [
  `${packageText('express-oauth2-jwt-bearer')} with \`issuerBaseURL\`, \`audience\` (the application and the entity) and`,
  '`clockTolerance` 30; the algorithms by discovery, which names the six that this project accepts.',
].join(' ');

/** What its documents show. */
export function expressOauth2JwtBearerPeer({ url, target }: Issuer): Promise<Peer> {
  const guard = auth({
    issuerBaseURL: url,
    audience: [target.applicationId, ...(target.entityId === undefined ? [] : [target.entityId])],
    clockTolerance: target.clockSkewSeconds,
  });
  return servePeer(guard, {
    name: 'express-oauth2-jwt-bearer',
    settings,
  });
}
