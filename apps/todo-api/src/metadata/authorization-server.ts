/** The settings that locate FusionAuth. */
interface Addresses {
  readonly FUSIONAUTH_URL: string;
  readonly FUSIONAUTH_PUBLIC_URL?: string | undefined;
}

/**
 * Returns the authorization server for the metadata: an issuer identifier, which is a URL (RFC 9728 section 2, RFC
 * 8414 section 2). FUSIONAUTH_PUBLIC_URL if it is set; else the tenant's issuer, if it is a URL, which FusionAuth's
 * default `acme.com` is not; else FUSIONAUTH_URL, which clients may be unable to reach.
 */
export const authorizationServer = (
  { FUSIONAUTH_URL, FUSIONAUTH_PUBLIC_URL }: Addresses,
  issuer: string | undefined,
): string =>
  FUSIONAUTH_PUBLIC_URL ?? (issuer !== undefined && isIdentifier(issuer) ? issuer : FUSIONAUTH_URL);

function isIdentifier(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, search, hash } = new URL(issuer);
  return ['http:', 'https:'].includes(protocol) && search + hash === '';
}
