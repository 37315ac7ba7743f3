import { bearer, group } from '../kind.js';
import type { Json, Mint } from '../mint.js';
import { otherLetters } from '../other-letters.js';

const issuer = group('issuer and tenant', { ids: ['JWT-8'] });
const tenant = group('issuer and tenant', { ids: ['JWT-8'], owed: 'issuer' });
const ofTenant = 'FusionAuth signs for all tenants with one key store; tid tells them apart';

const says = (change: Json | ((mint: Mint) => Json)) => (mint: Mint) =>
  bearer(mint.token(typeof change === 'function' ? change(mint) : change));

const exactly = 'RFC 8725 section 3.8: compared as an exact string';

export const issuers = [
  issuer('no issuer', 'RFC 8725 section 3.8: a token of nobody', says({ iss: undefined })),
  issuer('null as the issuer', 'RFC 7519 section 4.1.1: a string', says({ iss: null })),
  issuer('an empty issuer', exactly, says({ iss: '' })),
  issuer('another issuer', exactly, says({ iss: 'https://evil.example' })),
  issuer(
    'a list that holds the issuer',
    'RFC 7519 section 4.1.1: a string',
    says(({ target }) => ({ iss: [target.issuer] })),
  ),
  issuer(
    'an object that holds the issuer',
    'RFC 7519 section 4.1.1: a string',
    says(({ target }) => ({ iss: { value: target.issuer } })),
  ),
  issuer(
    'the issuer with a slash behind it',
    exactly,
    says(({ target }) => ({ iss: `${target.issuer}/` })),
  ),
  issuer(
    'the issuer with a space behind it',
    exactly,
    says(({ target }) => ({ iss: `${target.issuer} ` })),
  ),
  issuer(
    'the issuer with a NUL behind it',
    exactly,
    says(({ target }) => ({ iss: `${target.issuer}\u0000` })),
  ),
  issuer(
    'the issuer in other letters',
    exactly,
    says(({ target }) => ({ iss: otherLetters(target.issuer) })),
  ),
  issuer(
    'an issuer that begins like ours',
    exactly,
    says(({ target }) => ({ iss: `${target.issuer}.evil.example` })),
  ),
  issuer(
    'an issuer that ends like ours',
    exactly,
    says(({ target }) => ({ iss: `evil-${target.issuer}` })),
  ),
  issuer(
    'the issuer cut by a letter',
    exactly,
    says(({ target }) => ({ iss: target.issuer.slice(0, -1) })),
  ),
  issuer(
    'the issuer with a letter that only looks alike',
    exactly,
    says(({ target }) => ({ iss: target.issuer.replace(/[aeo]|$/, '\u0430') })),
  ),
  issuer(
    'the issuer with a mark that nobody sees',
    exactly,
    says(({ target }) => ({ iss: `${target.issuer}\u200b` })),
  ),
  tenant('no tenant', ofTenant, says({ tid: undefined })),
  tenant('another tenant', ofTenant, says({ tid: '00000000-0000-4000-8000-000000000002' })),
  tenant('null as the tenant', ofTenant, says({ tid: null })),
  tenant(
    'a list that holds the tenant',
    ofTenant,
    says(({ target }) => ({ tid: [target.tenantId] })),
  ),
  tenant(
    'the tenant with a space before it',
    ofTenant,
    says(({ target }) => ({ tid: ` ${target.tenantId}` })),
  ),
  tenant(
    'the application in the place of the tenant',
    ofTenant,
    says(({ target }) => ({ tid: target.applicationId })),
  ),
];
