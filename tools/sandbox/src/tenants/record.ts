import { invalidField } from '../answer.js';
import { checkKeys } from '../applications/record.js';
import type { Instance } from '../instance.js';
import { withDefaults } from '../state/defaults.js';
import type { TenantRecord } from '../state/state.js';
import type { Tenant } from '../wire.js';
import { tenantDefaults } from './defaults.js';

/**
 * Returns a tenant as it is stored, with every field that FusionAuth fills in; its keys are those of the default
 * tenant. Throws 400 by field.
 */
export function tenantRecord(
  instance: Instance,
  id: string,
  fields: Tenant & { name: string },
): TenantRecord {
  const { tenants, defaultTenantId } = instance.state;
  const { accessTokenKeyId, idTokenKeyId } = tenants.get(defaultTenantId)?.jwtConfiguration ?? {};
  const { jwtConfiguration, ...defaults } = tenantDefaults;
  const keys = { accessTokenKeyId, idTokenKeyId };
  const wanted = withDefaults(fields, { ...defaults, jwtConfiguration: { ...jwtConfiguration, ...keys } });
  const tenant: TenantRecord = {
    ...wanted,
    issuer: wanted.issuer ?? tenantDefaults.issuer,
    id,
    insertInstant: wanted.insertInstant ?? instance.now(),
    lastUpdateInstant: instance.now(),
  };
  if ([...tenants.values()].some((other) => other.id !== id && other.name === tenant.name))
    throw invalidField('tenant.name', 'duplicate', 'Another tenant has this name.');

  checkKeys(instance.state, 'tenant', tenant.jwtConfiguration);
  const { verifyEmail, verificationEmailTemplateId } = tenant.emailConfiguration ?? {};
  if (verifyEmail && !verificationEmailTemplateId) {
    const field = 'tenant.emailConfiguration.verificationEmailTemplateId';
    throw invalidField(field, 'missing', 'To verify e-mail addresses, an e-mail template is needed.');
  }
  return tenant;
}
