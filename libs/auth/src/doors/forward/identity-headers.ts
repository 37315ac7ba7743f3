import type { Principal } from '../../core/principal.js';

/** Says on every answer of the door that it is the door's own, and not that of a proxy or a server in between. */
export const verdictHeader = 'X-Auth-Verdict';

/**
 * The names of identity in every spelling that some server reads alike: CGI turns `-` into `_` (RFC 3875 section 4.1.18),
 * PHP a dot too.
 */
const reserved = /^x[-_.]auth[-_.](?:subject|via|roles|client|verdict)$/i;

/** Returns the first header of a request that claims an identity; a proxy has removed what its client sent. */
export const claimedIdentity = (rawHeaders: readonly string[]): string | undefined =>
  rawHeaders.find((name, index) => index % 2 === 0 && reserved.test(name));

export type IdentityHeaders = Readonly<
  Record<'X-Auth-Subject' | 'X-Auth-Via' | 'X-Auth-Roles' | 'X-Auth-Client', string>
>;

/**
 * Nobody. Every name is there all the same: what a proxy does with a name that the answer lacks differs, from the client's
 * own value to the text of its template.
 */
export const noIdentity: IdentityHeaders = {
  'X-Auth-Subject': '',
  'X-Auth-Via': '',
  'X-Auth-Roles': '',
  'X-Auth-Client': '',
};

const visibleAscii = /^[!-~]+$/;
const listable = /^[!-+\--~]+$/;

/**
 * Returns the headers that tell the API behind who the principal is, each name on one line; undefined where its subject cannot be
 * written into a header (RFC 9110 section 5.5). A machine is its own client; a person has none here. A role that would
 * read as two in a list is left out.
 */
export function identityOf({ subject, via, kind, roles }: Principal): IdentityHeaders | undefined {
  if (!visibleAscii.test(subject)) return undefined;
  return {
    'X-Auth-Subject': subject,
    'X-Auth-Via': via,
    'X-Auth-Roles': roles.filter((role) => listable.test(role)).join(','),
    'X-Auth-Client': kind === 'machine' ? subject : '',
  };
}
