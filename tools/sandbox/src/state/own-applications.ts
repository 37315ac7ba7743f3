import { randomBytes } from 'node:crypto';
import { applicationDefaults } from '../applications/defaults.js';
import type { OAuthConfiguration } from '../wire.js';
import { withDefaults } from './defaults.js';
import { fusionAuthApplicationId, type Installation } from './installation.js';
import type { ApplicationRecord } from './state.js';

/** The start of every role id; the last four digits follow. */
const rolePrefix = '631ecd9d-8d40-4c13-8277-80cedb82';

/**
 * The roles of FusionAuth's own application, which are the same in every installation, by the last digits of their ids.
 */
const roles: Readonly<Record<string, string>> = {
  admin: '36e2',
  api_key_manager: '36e3',
  application_deleter: '36e4',
  application_manager: '36e5',
  audit_log_viewer: '36e6',
  email_template_manager: '36e7',
  report_viewer: '36e8',
  system_manager: '36e9',
  user_action_deleter: '36f0',
  user_action_manager: '36f1',
  user_deleter: '36f2',
  user_manager: '36f3',
  webhook_manager: '36f4',
  group_manager: '36f5',
  group_deleter: '36f6',
  tenant_manager: '36f7',
  tenant_deleter: '36f8',
  lambda_manager: '36f9',
  event_log_viewer: '36fa',
  key_manager: '36fb',
  consent_deleter: '36fc',
  consent_manager: '36fd',
  theme_manager: '36fe',
  reactor_manager: '36ff',
  connector_deleter: '3700',
  connector_manager: '3701',
  form_deleter: '3702',
  form_manager: '3703',
  user_support_manager: '3704',
  user_support_viewer: '3705',
  entity_manager: '3706',
  messenger_deleter: '3707',
  messenger_manager: '3708',
  message_template_deleter: '3709',
  message_template_manager: '3710',
  acl_deleter: '3711',
  acl_manager: '3712',
  webhook_event_log_viewer: '3713',
};

/**
 * Returns FusionAuth's own application, where administrators register, and its Tenant Manager; neither can be logged in
 * to here.
 */
export function ownApplications(ids: Installation, now: number): ApplicationRecord[] {
  const common = { tenantId: ids.defaultTenantId, active: true, insertInstant: now, lastUpdateInstant: now };
  const oauth = (id: string): OAuthConfiguration => ({
    clientId: id,
    clientSecret: randomBytes(32).toString('base64url'),
    authorizedRedirectURLs: ['/login'],
    enabledGrants: ['authorization_code', 'refresh_token'],
    generateRefreshTokens: true,
    logoutURL: '/',
    requireRegistration: true,
  });
  const role = ([name, end]: [string, string]) => ({
    id: rolePrefix + end,
    name,
    isDefault: false,
    isSuperRole: name === 'admin',
  });
  const applications = [
    {
      ...common,
      id: fusionAuthApplicationId,
      name: 'FusionAuth',
      oauthConfiguration: oauth(fusionAuthApplicationId),
      roles: Object.entries(roles).map(role),
    },
    {
      ...common,
      id: ids.tenantManagerApplicationId,
      name: 'Tenant Manager',
      oauthConfiguration: oauth(ids.tenantManagerApplicationId),
      roles: [role(['admin', '3714'])],
    },
  ];
  return applications.map((application) => withDefaults(application, applicationDefaults));
}
