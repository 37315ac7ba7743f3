import { compactVerify, decodeJwt } from 'jose';
import { cookie } from '../cookies.js';
import type { Instance } from '../instance.js';
import type { KeyRecord } from '../state/state.js';
import { isExpired } from '../users/log-in.js';
import { actionsAgainst } from '../users/user-actions.js';
import { withClientSecret } from './issuing-key.js';
import type { Claims } from './populate.js';
import { sessionById } from './sessions.js';
import { algorithmOf, verificationKey } from './signing-key.js';

/** The kind of a token, inferred from its claims; `typ` is JWT on all of them. */
type TokenKind = 'access_token' | 'id_token' | 'entity_token';

export interface ReadToken {
  readonly kind: TokenKind;
  readonly claims: Claims;
}

/**
 * Returns the claims of a token signed by a key of this instance, of any tenant, expired or not; undefined for anything
 * else. HMAC keys, which are never in the key set, count too: remote validation exists to check those.
 */
export async function readToken(instance: Instance, token: string): Promise<ReadToken | undefined> {
  const keys = [...instance.state.keys.values()];
  try {
    const { payload, protectedHeader } = await compactVerify(token, ({ kid, alg }) => {
      const key = keys.find((candidate) => candidate.kid === kid);
      if (!key || algorithmOf(key) !== alg) throw new Error('no such key');
      return verificationKey(key.shadow ? ofClient(instance, key, token) : key);
    });
    const claims = JSON.parse(new TextDecoder().decode(payload)) as Claims;
    return { claims, kind: kindOf(claims, protectedHeader['gty']) };
  } catch {
    return undefined;
  }
}

/** Returns a key that represents client secrets with the secret of the token's client; any other key unchanged. */
function ofClient({ state }: Instance, key: KeyRecord, token: string): KeyRecord {
  const client = state.applications.get([decodeJwt(token).aud].flat()[0] ?? '');
  if (!client) throw new Error('no such client');
  return withClientSecret(key, client);
}

function kindOf(claims: Claims, gty: unknown): TokenKind {
  if (Array.isArray(gty) && gty.includes('client_credentials')) return 'entity_token';
  return 'at_hash' in claims ? 'id_token' : 'access_token';
}

/** Returns whether the token is valid at `now`, in milliseconds (RFC 7519 sections 4.1.4 and 4.1.5). */
export const isCurrent = ({ exp, nbf }: Claims, now: number): boolean =>
  typeof exp === 'number' && now < exp * 1000 && (typeof nbf !== 'number' || now >= nbf * 1000);

/** Returns the bearer token of a request (RFC 6750 section 2.1), else that of FusionAuth's cookie. */
export function presentedToken(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const [, bearer] = /^bearer +([\w.-]+)$/i.exec(headers['authorization'] ?? '') ?? [];
  return bearer ?? cookie(headers['cookie'], 'access_token');
}

/**
 * Returns whether the subject of a token still exists: the user, unlocked, and the session; for an entity token the
 * entity.
 */
export function isStillValid(instance: Instance, { kind, claims }: ReadToken): boolean {
  const { sub, sid, aud } = claims;
  const { users, entities } = instance.state;
  if (kind === 'entity_token') return entities.has(String(sub));
  const user = users.get(String(sub));
  if (!user?.user.active || isExpired(user, instance.now())) return false;
  const [applicationId] = [aud].flat() as (string | undefined)[];
  if (actionsAgainst(instance, user.id, applicationId).length > 0) return false;
  return sid === undefined || (typeof sid === 'string' && sessionById(instance, sid) !== undefined);
}
