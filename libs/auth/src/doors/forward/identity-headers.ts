import type { Principal } from '../../core/principal.js';

/** Marks every response of the door as its own, as opposed to one from a proxy or server in between. */
export const verdictHeader = 'X-Auth-Verdict';

/**
 * The names of the identity headers in every spelling that some server treats as the same: CGI turns `-` into `_`
 * (RFC 3875 section 4.1.18), PHP a dot too.
 */
const reserved = /^x[-_.]auth[-_.](?:subject|via|roles|client|verdict)$/i;

/** Returns the first header of a request that claims an identity. A correct proxy removes what its client sent. */
export const claimedIdentity = (rawHeaders: readonly string[]): string | undefined =>
  rawHeaders.find((name, index) => index % 2 === 0 && reserved.test(name));

export type IdentityHeaders = Readonly<
  Record<'X-Auth-Subject' | 'X-Auth-Via' | 'X-Auth-Roles' | 'X-Auth-Client', string>
>;

/**
 * The headers of a request without an identity. Every name is present, because proxies differ in what they do with a
 * name that the answer lacks: some keep the client's value, others insert the text of their template.
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
 * Returns the headers that identify the principal to the upstream API, one value each; undefined if its subject
 * cannot be written into a header (RFC 9110 section 5.5). A machine is its own client; a user's client is unknown and
 * stays empty. A role that would read as two in a list is omitted.
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
