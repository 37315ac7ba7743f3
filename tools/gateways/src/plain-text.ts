import { z } from 'zod';

/**
 * Text that is written into a configuration unescaped. The issuer and the key ids come from the network, so quotes,
 * blanks, dollar signs, percent signs and braces are refused: some gateway would interpret them.
 */
export const plainText = () =>
  z.string().regex(/^[\w.~:/@+=-]{1,255}$/, 'must be 1 to 255 letters, digits and -._~:/@+= alone');

/** A cookie name that all gateways accept. */
export const cookieName = () => z.string().regex(/^[\w.-]{1,64}$/, 'must be letters, digits and -_. alone');

/** A host name without a port. */
export const hostname = () =>
  z
    .string()
    .regex(/^(?!-)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})*$/i, 'must be a host name without port')
    .toLowerCase();
