import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Secret } from './secret.js';

// The kinds of values that settings have. Each returns the value in the form in which it is used, so that a setting
// that passes --check-config cannot fail, or mean something else, in the application. No pattern uses \p{Cc}: its
// first use reads the properties of all characters, which is a fiftieth of the cold start of a Lambda function.

/** One word without white space and control characters, which would break a header or a log line. */
export const word = () =>
  z.string().regex(/^[^\0- \x7f-\xa0\s]+$/, 'must not contain white space or control characters');

/** One line of text, such as a path: white space only inside, no control characters. */
export const line = () =>
  z.string().regex(/^[^\0- \x7f-\xa0\s](?:(?:[ \xa0]|[^\0- \x7f-\xa0\u2028\u2029])*[^\0- \x7f-\xa0\s])?$/, {
    error: 'must be one line without control characters, and without white space at its ends',
  });

/** A UUID in lower case, as FusionAuth writes it; upper case is accepted (RFC 9562 section 4). */
export const uuid = () => z.guid('must be a UUID').toLowerCase();

/** An identifier that is usually a UUID; any other is left unchanged. */
export const identifier = () => word().transform(asFusionAuthWrites);

/** Returns a UUID in lower case and any other text unchanged. */
export const asFusionAuthWrites = (id: string): string =>
  z.guid().safeParse(id).success ? id.toLowerCase() : id;

/** An address or a host name to listen on. */
export const host = () =>
  z
    .string()
    .refine(
      (text) => isIP(text) > 0 || /^(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?$/.test(text),
      'must be an address or a host name, without brackets or port',
    );

/** An address, or a network in CIDR notation, against which `X-Forwarded-For` is checked. */
export const network = () =>
  z.string().refine((text) => {
    const [address = '', prefix, ...more] = text.split('/');
    const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : 0;
    return more.length === 0 && !address.includes('%') && length > 0 && length <= bits;
  }, 'must be addresses or networks such as 10.0.0.0/8');

const visibleAscii = /^[!-~]+$/;

/** Tells whether a secret consists of the characters that {@link secretText} accepts. */
export const isSendableSecret = (text: string): boolean => visibleAscii.test(text);

/**
 * A {@link Secret} of visible ASCII, the only characters that a header field or an OAuth request can carry (RFC 9110
 * section 5.5, RFC 6749 appendix A). Describe it with `secret: true`.
 */
export const secretText = () =>
  z
    .string()
    .regex(
      visibleAscii,
      'must be ASCII letters, digits and signs without white space: look for curly quotes, or a file that is not UTF-8',
    )
    .transform((value) => new Secret(value));

/**
 * A {@link Secret} that stays on this machine, such as a key for signatures: any characters except white space and
 * controls.
 */
export const keyText = () => word().transform((value) => new Secret(value));

/** A whole number in the given range, both limits included. */
export const integer = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));

export const port = () => integer(0, 65_535);

/** A file to write, in an existing directory: a long run must not find out at its end that it cannot write. */
export const outputFile = () =>
  z.string().refine(isWritable, 'must be a file in an existing directory that you may write to');

function isWritable(file: string): boolean {
  try {
    accessSync(dirname(file), constants.W_OK);
    if (!statSync(dirname(file)).isDirectory()) return false;
    const existing = statSync(file, { throwIfNoEntry: false });
    // Opening shows more than access(2): a program that runs, for example, cannot be written.
    if (existing?.isFile()) closeSync(openSync(file, constants.O_WRONLY));
    return file !== '' && !existing?.isDirectory();
  } catch {
    return false;
  }
}

/** A boolean, written `1`/`true` or `0`/`false`. */
export const flag = () =>
  z
    .enum(['1', '0', 'true', 'false'], 'must be 1 or 0')
    .transform((value) => value === '1' || value === 'true');

/** Comma-separated values of an enumeration or other string schema, without duplicates. */
export const commaList = <S extends z.ZodType<unknown, string>>(item: S) =>
  z
    .string()
    .transform((value) =>
      [...new Set(value.split(',').map((part) => part.trim()))].filter((part) => part !== ''),
    )
    .pipe(z.array(item));
