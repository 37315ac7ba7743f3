import { passportJwtSecret } from 'jwks-rsa';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Issuer } from '../../../tools/attack/src/issuer/start-issuer.js';
import { packageText, type Peer, servePeer } from './peer.js';

const settings = [
  `${packageText('passport-jwt')} with \`passportJwtSecret\` of ${packageText('jwks-rsa')}, cached and rate-limited,`,
  '`fromAuthHeaderAsBearerToken`, `issuer`, `audience`, `algorithms` and a `clockTolerance` of 30 s',
].join(' ');

const leftToUsers = [
  '`issuer`, `audience` and `algorithms` are checked where they are configured, further checks such as `maxAge` are options of',
  'jsonwebtoken, and the application’s `verify` callback decides whom the claims admit',
  '([its documentation](https://github.com/mikenicholson/passport-jwt#configure-strategy)); keys are found by',
  '[jwks-rsa](https://github.com/auth0/node-jwks-rsa#readme).',
].join(' ');

/** The set-up that the documentation of jwks-rsa shows for Passport. */
export function passportJwtPeer({ url, target }: Issuer): Promise<Peer> {
  const strategy = new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: passportJwtSecret({
        cache: true,
        cacheMaxEntries: 100,
        rateLimit: true,
        jwksRequestsPerMinute: 10_000,
        jwksUri: `${url}/.well-known/jwks.json`,
      }),
      issuer: target.issuer,
      audience: [target.applicationId, ...(target.entityId === undefined ? [] : [target.entityId])],
      algorithms: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
      // The only way to allow for clock skew; its types mark it as deprecated.
      ...({ jsonWebTokenOptions: { clockTolerance: target.clockSkewSeconds } } as object),
    },
    (payload: object, done: (error: null, user: object) => void) => done(null, payload),
  );
  const guard = new passport.Passport().use(strategy).authenticate('jwt', { session: false });
  return servePeer(guard as Parameters<typeof servePeer>[0], {
    name: 'passport-jwt + jwks-rsa',
    settings,
    leftToUsers,
  });
}
