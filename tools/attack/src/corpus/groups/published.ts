import { createPrivateKey } from 'node:crypto';
import { kinds } from '../kind.js';
import { bearer, sent } from '../make.js';

const joe = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
const frodo =
  'SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4';

/** Signed examples of RFC 7515 appendix A and RFC 7520 section 4, as printed there. */
export const publishedTokens = {
  'RFC 7515 A.1': `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${joe}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
  'RFC 7515 A.2': `eyJhbGciOiJSUzI1NiJ9.${joe}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
  'RFC 7515 A.3': `eyJhbGciOiJFUzI1NiJ9.${joe}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
  'RFC 7515 A.4':
    'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
  'RFC 7515 A.5': `eyJhbGciOiJub25lIn0.${joe}.`,
  'RFC 7520 4.1': `eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${frodo}.MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg`,
  'RFC 7520 4.2': `eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${frodo}.cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw`,
  'RFC 7520 4.3': `eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${frodo}.AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2`,
  'RFC 7520 4.4': `eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.${frodo}.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0`,
} as const;

const example = (name: keyof typeof publishedTokens) => () => bearer(publishedTokens[name]);

/** The EC key of RFC 7515 appendix A.3, including its private part, which is public. */
const publishedKey = {
  kid: 'Public key used in JWS spec Appendix A.3 example',
  alg: 'ES256',
  privateKey: createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
    },
  }),
};

const group = 'published examples';
const ids = ['JWT-2', 'JWT-8'];

export const published = [
  ...kinds(group, { ids })({
    'a valid signature by an unknown key': {
      'RFC 7515 A.2, RS256': example('RFC 7515 A.2'),
      'RFC 7515 A.3, ES256': example('RFC 7515 A.3'),
    },
    'RFC 8725 section 3.2: an unsigned token proves nothing': {
      'RFC 7515 A.5, unsecured': example('RFC 7515 A.5'),
    },
    'a valid signature, but a text in place of claims': {
      'RFC 7520 4.2, PS384': example('RFC 7520 4.2'),
      'RFC 7520 4.3, ES512': example('RFC 7520 4.3'),
    },
    'RFC 8725 section 3.8: the key must be the issuer’s': {
      'good claims by the private key of RFC 7515 A.3': sent((mint) => mint.token({}, {}, publishedKey)),
      'good claims by the private key of RFC 7515 A.3 under a known id': sent((mint) =>
        mint.token({}, { kid: mint.keys.good.es256.kid }, publishedKey),
      ),
    },
  }),
  ...kinds(group, { ids: ['JWT-7', 'JWT-8'] })({
    'a valid signature, but no claims': { 'RFC 7515 A.4, ES512': example('RFC 7515 A.4') },
    'a valid signature, but a text in place of claims': { 'RFC 7520 4.1, RS256': example('RFC 7520 4.1') },
  }),
  ...kinds(group, { ids: ['JWT-5'] })({
    'its secret is published with it': {
      'RFC 7515 A.1, HMAC': example('RFC 7515 A.1'),
      'RFC 7520 4.4, HMAC': example('RFC 7520 4.4'),
    },
    'RFC 7515 appendix F: nothing says where the payload is': {
      'RFC 7520 4.5, detached': () => bearer(publishedTokens['RFC 7520 4.4'].replace(frodo, '')),
    },
  }),
];
