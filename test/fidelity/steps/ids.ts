/** The ids of deploy/kickstart/kickstart.json. */
export const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';
export const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
export const probeGroupId = 'c3e2d1f0-9b8a-4766-8554-433221100ffe';
export const lockActionId = '8c0b6f1d-3e57-4a92-b1d4-5f7e9a2c6d10';
export const signingKeyId = '5d0f7a66-2c51-4a5b-9f0e-6c1d2b3a4e5f';

/** An id that does not exist. */
export const absentId = '00000000-0000-4000-8000-000000000000';

/**
 * The keys of the kickstart file, by their names in steps: one that may do everything, the key manager, the Todo API's
 * own.
 */
export const everything = '{FUSIONAUTH_BOOTSTRAP_KEY}';
export const manager = '{FUSIONAUTH_MANAGER_KEY}';
export const narrow = '{FUSIONAUTH_API_KEY}';

export const inTenant = { 'X-FusionAuth-TenantId': tenantId };
