import { randomUUID } from 'node:crypto';

/** The id of FusionAuth's own application, where administrators register. It is the same everywhere. */
export const fusionAuthApplicationId = '3c219e58-ed0e-4b18-ad48-f4f92793ae32';

const lambdaTypes = [
  'OpenIDReconcile',
  'SAMLv2Reconcile',
  'AppleReconcile',
  'FacebookReconcile',
  'GoogleReconcile',
  'TwitterReconcile',
] as const;

/** The ids that FusionAuth generates when it installs itself. */
export interface Installation {
  readonly defaultTenantId: string;
  readonly signingKeyId: string;
  readonly tenantManagerApplicationId: string;
  readonly adminUserFormId: string;
  readonly adminRegistrationFormId: string;
  /** The default lambda of each type. */
  readonly lambdaIds: Readonly<Record<(typeof lambdaTypes)[number], string>>;
}

/** Generates them; a kickstart file can set two, by its variables of these names. */
export function newInstallation({
  defaultTenantId = randomUUID(),
  tenantManagerApplicationId = randomUUID(),
}: Readonly<Record<string, string>> = {}): Installation {
  return {
    defaultTenantId,
    signingKeyId: randomUUID(),
    tenantManagerApplicationId,
    adminUserFormId: randomUUID(),
    adminRegistrationFormId: randomUUID(),
    lambdaIds: Object.fromEntries(
      lambdaTypes.map((type) => [type, randomUUID()]),
    ) as Installation['lambdaIds'],
  };
}

/** The variables that FusionAuth gives to a kickstart file (Kickstart guide, "Environment Variables"). */
export const builtInVariables = (ids: Installation): Readonly<Record<string, string>> => ({
  FUSIONAUTH_APPLICATION_ID: fusionAuthApplicationId,
  FUSIONAUTH_TENANT_ID: ids.defaultTenantId,
  FUSIONAUTH_DEFAULT_SIGNING_KEY_ID: ids.signingKeyId,
  // The guide uses both names.
  TENANT_MANAGER_ID: ids.tenantManagerApplicationId,
  FUSIONAUTH_TENANT_MANAGER_APPLICATION_ID: ids.tenantManagerApplicationId,
  'FUSIONAUTH_FORM[adminUser]_ID': ids.adminUserFormId,
  'FUSIONAUTH_FORM[adminRegistration]_ID': ids.adminRegistrationFormId,
  ...Object.fromEntries(
    Object.entries(ids.lambdaIds).map(([type, id]) => [`FUSIONAUTH_LAMBDA[${type}]_ID`, id]),
  ),
});
