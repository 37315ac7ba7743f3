import { z } from 'zod';
import { type Call, type FusionAuthDataSettings, unexpected } from './transport.js';
import { FusionAuthRefusedUs } from './unavailable.js';

const active = z.looseObject({ active: z.literal(true) });
const inactive = z.object({ active: z.literal(false) });

/**
 * Calls `POST /oauth2/introspect` (RFC 7662 section 2). Resolves with whether the token is active, and ignores the
 * rest of the answer, because the token was verified before. For a `user` the hint says that it must be an access
 * token, because without it FusionAuth accepts ID tokens too; tokens of entities are introspected without a hint.
 */
export function introspection(call: Call, { applicationId, clientSecret }: FusionAuthDataSettings) {
  return async (token: string, kind: 'user' | 'machine', signal: AbortSignal): Promise<boolean> => {
    const form = new URLSearchParams(
      kind === 'machine' ? { token } : { token, token_type_hint: 'access_token', client_id: applicationId },
    );
    if (kind === 'user' && clientSecret) form.set('client_secret', clientSecret.reveal());
    const answer = await call('introspection', {
      method: 'POST',
      path: '/oauth2/introspect',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      repeatable: true,
      signal,
    });
    if (answer.status === 401) throw new FusionAuthRefusedUs('introspection', 'FUSIONAUTH_CLIENT_SECRET');
    if (active.safeParse(answer.body).success) return true;
    if (inactive.safeParse(answer.body).success) return false;
    throw unexpected('introspection', answer);
  };
}
