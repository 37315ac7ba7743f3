import { z } from 'zod';

const role = z.looseObject({
  name: z.string().min(1),
  isDefault: z.boolean().default(false),
  isSuperRole: z.boolean().default(false),
});

/** A role, given as an object or as its name alone. */
export const roleFields = z.preprocess(
  (given) => (typeof given === 'string' ? { name: given } : given),
  role,
);

const grants = [
  'authorization_code',
  'implicit',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;

const oauthConfiguration = z.looseObject({
  authorizedRedirectURLs: z.array(z.string()).optional(),
  authorizedResourceUris: z.array(z.string()).optional(),
  authorizedURLValidationPolicy: z.enum(['AllowWildcards', 'ExactMatch']).optional(),
  clientAuthenticationPolicy: z.enum(['NotRequired', 'NotRequiredWhenUsingPKCE', 'Required']).optional(),
  clientSecret: z.string().optional(),
  consentMode: z.enum(['AlwaysPrompt', 'NeverPrompt', 'RememberDecision']).optional(),
  enabledGrants: z.array(z.enum(grants)).optional(),
  logoutBehavior: z.enum(['AllApplications', 'RedirectOnly']).optional(),
  logoutURL: z.string().optional(),
  proofKeyForCodeExchangePolicy: z
    .enum(['NotRequired', 'NotRequiredWhenUsingClientAuthentication', 'Required'])
    .optional(),
  relationship: z.enum(['FirstParty', 'ThirdParty']).optional(),
  scopeHandlingPolicy: z.enum(['Compatibility', 'Strict']).optional(),
  unknownScopePolicy: z.enum(['Allow', 'Reject', 'Remove']).optional(),
});

/** Token settings of an application or a tenant. */
export const jwtFields = z.looseObject({
  accessTokenKeyId: z.guid().optional(),
  idTokenKeyId: z.guid().optional(),
  refreshTokenExpirationPolicy: z
    .enum(['Fixed', 'SlidingWindow', 'SlidingWindowWithMaximumLifetime'])
    .optional(),
  refreshTokenOneTimeUseConfiguration: z
    .looseObject({ gracePeriodInSeconds: z.int().min(0).max(86_399).optional() })
    .optional(),
  refreshTokenTimeToLiveInMinutes: z.int().min(1).optional(),
  refreshTokenUsagePolicy: z.enum(['OneTimeUse', 'Reusable']).optional(),
  timeToLiveInSeconds: z.int().min(1).optional(),
});

/** The fields of an application that the sandbox relies on; all others are stored unchanged. */
export const applicationFields = z.looseObject({
  name: z.string().min(1),
  jwtConfiguration: jwtFields.optional(),
  oauthConfiguration: oauthConfiguration.optional(),
  roles: z.array(roleFields).optional(),
});
