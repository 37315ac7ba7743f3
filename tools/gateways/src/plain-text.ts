import { z } from 'zod';

/**
 * Text that is written into a configuration as it is. No quotes, blanks, dollar signs, percent signs or braces: with them some
 * gateway would read more than text: the issuer and the key ids come from the network.
 */
export const plainText = () =>
  z.string().regex(/^[\w.~:/@+=-]{1,255}$/, 'must be 1 to 255 letters, digits and -._~:/@+= alone');

/** A cookie's name, as all gateways can be asked for it. */
export const cookieName = () => z.string().regex(/^[\w.-]{1,64}$/, 'must be letters, digits and -_. alone');

/** A host name without port. */
export const hostname = () =>
  z
    .string()
    .regex(/^(?!-)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})*$/i, 'must be a host name without port')
    .toLowerCase();
