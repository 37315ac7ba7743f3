import { randomBytes, randomUUID } from 'node:crypto';
import { invalidField } from '../answer.js';
import type { Instance } from '../instance.js';
import { deviceGrant } from '../oauth/device-grant.js';
import { isPattern } from '../oauth/redirect-pattern.js';
import { withDefaults } from '../state/defaults.js';
import type { ApplicationRecord, State } from '../state/state.js';
import type { Application, OAuthConfiguration } from '../wire.js';
import { applicationDefaults } from './defaults.js';

/** Returns an application as it is stored, with every field that FusionAuth fills in. Throws 400 by field. */
export function applicationRecord(
  instance: Instance,
  { id, tenantId }: { readonly id: string; readonly tenantId: string },
  fields: Application & { name: string },
): ApplicationRecord {
  const now = instance.now();
  const wanted = withDefaults(fields, applicationDefaults);
  const { oauthConfiguration = {}, roles = [], insertInstant = now } = wanted;
  const application: ApplicationRecord = {
    ...wanted,
    id,
    tenantId,
    roles: roles.map((role) => ({ ...role, id: role.id ?? randomUUID() })),
    oauthConfiguration: {
      ...oauthConfiguration,
      clientId: id,
      clientSecret: oauthConfiguration.clientSecret || randomBytes(32).toString('base64url'),
    },
    insertInstant,
    lastUpdateInstant: now,
  };
  checkApplication(instance.state, application);
  return application;
}

function checkApplication(state: State, application: ApplicationRecord): void {
  const { oauthConfiguration, roles = [], verifyRegistration, verificationEmailTemplateId } = application;
  checkUrls(oauthConfiguration);
  if (oauthConfiguration.enabledGrants?.includes(deviceGrant) && !oauthConfiguration.deviceVerificationURL) {
    const field = 'application.oauthConfiguration.deviceVerificationURL';
    throw invalidField(field, 'blank', 'The device grant needs a URL where people type the code.');
  }
  if (verifyRegistration && !verificationEmailTemplateId) {
    const field = 'application.verificationEmailTemplateId';
    throw invalidField(field, 'missing', 'To verify registrations, an e-mail template is needed.');
  }
  const repeated = roles.findIndex(
    ({ name }, index) => roles.findIndex((other) => other.name === name) < index,
  );
  if (repeated >= 0)
    throw invalidField(`application.roles[${repeated}].name`, 'duplicate', 'Two roles have this name.');

  checkKeys(state, 'application', application.jwtConfiguration);
  checkLambdas(state, application);
}

function checkUrls({
  authorizedRedirectURLs = [],
  authorizedURLValidationPolicy: policy,
  deviceVerificationURL,
  logoutURL,
}: OAuthConfiguration): void {
  const field = 'application.oauthConfiguration';
  for (const [index, url] of authorizedRedirectURLs.entries()) {
    const isWildcard = policy === 'AllowWildcards' && url.includes('*');
    if (isWildcard ? !isPattern(url) : !isUrl(url)) {
      throw invalidField(
        `${field}.authorizedRedirectURLs[${index}]`,
        'invalidURL',
        'This is not a valid URL.',
      );
    }
  }
  if (logoutURL && !isUrl(logoutURL))
    throw invalidField(`${field}.logoutURL`, 'invalidURL', 'This is not a valid URL.');
  if (deviceVerificationURL && !URL.canParse(deviceVerificationURL))
    throw invalidField(`${field}.deviceVerificationURL`, 'invalidURL', 'This is not an absolute URL.');
}

/** An absolute URL, or a path of FusionAuth itself. */
const isUrl = (text: string): boolean => URL.canParse(text) || /^\/\S*$/.test(text);

/** Throws 400 by field unless the keys named in settings exist. */
export function checkKeys(
  { keys }: State,
  kind: 'application' | 'tenant',
  settings: Application['jwtConfiguration'] = {},
): void {
  for (const name of ['accessTokenKeyId', 'idTokenKeyId'] as const) {
    const keyId = settings[name];
    if (keyId && !keys.has(keyId))
      throw invalidField(`${kind}.jwtConfiguration.${name}`, 'invalid', 'There is no such key.');
  }
}

const populateTypes = [
  ['accessTokenPopulateId', 'JWTPopulate'],
  ['idTokenPopulateId', 'JWTPopulate'],
  ['userinfoPopulateId', 'UserInfoPopulate'],
] as const;

function checkLambdas({ lambdas }: State, { lambdaConfiguration = {} }: ApplicationRecord): void {
  for (const [name, type] of populateTypes) {
    const lambdaId = lambdaConfiguration[name];
    if (lambdaId && lambdas.get(lambdaId)?.type !== type) {
      const field = `application.lambdaConfiguration.${name}`;
      throw invalidField(field, 'invalid', `There is no such lambda of the type ${type}.`);
    }
  }
}
