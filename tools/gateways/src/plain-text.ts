import { z } from 'zod';
import { authSettings } from '#gatehouse/auth';

/**
 * Text that is written into a configuration unescaped. The issuer and the key ids come from the network, so quotes,
 * blanks, dollar signs, percent signs and braces are refused: some gateway would interpret them.
 */
export const plainText = () =>
  z.string().regex(/^[\w.~:/@+=-]{1,255}$/, 'must be 1 to 255 letters, digits and -._~:/@+= alone');

/** The name of a cookie with an access token that all gateways and the forward-auth server accept. */
export const cookieName = () =>
  z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be letters, digits and -_. alone')
    .refine(
      (name) => authSettings.TOKEN_COOKIE.safeParse(name).success,
      'must not name the cookie of a refresh token',
    );

/** A host name without a port. */
export const hostname = () =>
  z
    .string()
    .regex(
      /^(?!-)(?=.{1,253}$)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})*$/i,
      'must be a host name without port, of 253 characters at most',
    )
    .toLowerCase();
