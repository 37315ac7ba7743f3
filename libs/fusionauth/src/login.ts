import { z } from 'zod';
import { type Call, type FusionAuthDataSettings, ownHeaders, unexpected } from './transport.js';
import { FusionAuthRefusedUs } from './unavailable.js';

const loginAnswer = z.object({
  token: z.string(),
  user: z.object({
    id: z.string(),
    tenantId: z.string(),
    email: z.string().optional(),
    verified: z.boolean().optional(),
    timezone: z.string().optional(),
    registrations: z
      .array(
        z.object({
          applicationId: z.string(),
          roles: z.array(z.string()).default([]),
          /** Free for the application's use; FusionAuth acts on nothing in it. */
          data: z.looseObject({ expiresAt: z.unknown() }).optional(),
        }),
      )
      .default([]),
  }),
});

type LoginUser = z.output<typeof loginAnswer>['user'];

/** `refused` has a reason, for logs only: the caller gets the same refusal for all of them. */
export type LoginResult =
  | { readonly kind: 'accepted'; readonly user: LoginUser; readonly token: string }
  | { readonly kind: 'refused'; readonly reason: LoginRefusal };

type LoginRefusal =
  | 'not-registered'
  | 'password-change-required'
  | 'e-mail-unverified'
  | 'registration-unverified'
  | 'second-factor-required'
  | 'unknown-or-wrong'
  | 'locked-by-action'
  | 'expired-user'
  | 'locked';

/** The meanings of the Login API's statuses (FusionAuth docs, Login API). Of its six 2xx only 200 is a log-in. */
const refusals: Readonly<Record<number, LoginRefusal>> = {
  202: 'not-registered',
  203: 'password-change-required',
  212: 'e-mail-unverified',
  213: 'registration-unverified',
  242: 'second-factor-required',
  404: 'unknown-or-wrong',
  409: 'locked-by-action',
  410: 'expired-user',
  423: 'locked',
};

export interface LoginAttempt {
  readonly email: string;
  /** The authentication token, which FusionAuth accepts in place of the password. */
  readonly token: string;
  /** IP address of the caller, for FusionAuth's login records; not sent if it is empty. */
  readonly address: string;
}

/**
 * Calls `POST /api/login`. Throws {@link FusionAuthRefusedUs} on 401, because that status is about our key, never
 * about the caller's credential.
 */
export function login(call: Call, settings: FusionAuthDataSettings) {
  return async ({ email, token, address }: LoginAttempt, signal: AbortSignal): Promise<LoginResult> => {
    const answer = await call('login', {
      method: 'POST',
      path: '/api/login',
      headers: { ...ownHeaders(settings), 'content-type': 'application/json' },
      body: JSON.stringify({
        loginId: email,
        loginIdTypes: ['email'],
        password: token,
        applicationId: settings.applicationId,
        ...(address === '' ? {} : { ipAddress: address }),
      }),
      signal,
    });
    if (answer.status === 401) throw new FusionAuthRefusedUs('login', 'FUSIONAUTH_API_KEY');
    const reason = refusals[answer.status];
    if (reason !== undefined) return { kind: 'refused', reason };
    const accepted = loginAnswer.safeParse(answer.body);
    if (!accepted.success) throw unexpected('login', answer);
    return { kind: 'accepted', ...accepted.data };
  };
}
