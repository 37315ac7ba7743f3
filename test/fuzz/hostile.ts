import fc from 'fast-check';

/** Returns one of several, with a probability by weight. */
export const weighted = <T>(
  ...entries: readonly (readonly [weight: number, fc.Arbitrary<T>])[]
): fc.Arbitrary<T> => fc.oneof(...entries.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const words = (text: string) => text.trim().split(/\s+/);

/** Texts that are known to break programs. */
const notorious = [
  ...words(
    '__proto__ constructor toString null undefined NaN -0 1e309 0x10 infinity ٣ İ %00 %2e%2e%2f ../../etc/passwd',
  ),
  ...words('${7*7} {{7*7}} <script>alert(1)</script> 00000000-0000-0000-0000-000000000000'),
  ...words('2026-02-30T00:00:00Z 0000-01-01T00:00:00Z 9999-12-31T23:59:59.999Z 9999-12-31T23:59:59-23:59'),
  ...words('+275760-09-13T00:00:00Z -000001-01-01T00:00:00Z 2026-12-01T24:00:00Z 2026-12-31T23:59:60Z'),
  ...['', ' ', '\u202e', '\ufeff', '\u2028', "' or 1=1 --", 'x\r\nSet-Cookie: a=b'],
  ...['9'.repeat(400), 'x'.repeat(201), 'x'.repeat(4_001), 'ß'.repeat(100), '👩‍👩‍👧‍👦'.repeat(19)],
];

/** Texts that PostgreSQL, UTF-8 or a log line must not contain. */
const broken = ['\u0000', 'a\u0000b', '\ud800', 'a\udc00b', '\u0007', '\u0085', 'a\u001b[31mb'];

export const hostileText = weighted(
  [3, fc.constantFrom(...broken)],
  [3, fc.constantFrom(...notorious)],
  [1, fc.string({ unit: 'binary', maxLength: 50 })],
  [1, fc.string({ unit: 'grapheme-composite', maxLength: 50 })],
  [1, fc.string({ maxLength: 300 })],
);

const nested = (open: string, close: string) =>
  fc.nat(20_000).map((depth) => open.repeat(depth) + close.repeat(depth));

/** JSON texts, not values, so that texts outside the range of any value are included. */
export const hostileJson = weighted(
  [8, hostileText.map((text) => JSON.stringify(text))],
  [2, fc.json()],
  [2, fc.constantFrom(...words('null true -0 1e400 -1e400 9007199254740993 0.1 [] {} ""'))],
  [1, fc.constantFrom('{"__proto__":{"title":"x"}}', '{"constructor":{"prototype":{"a":1}}}')],
  [1, fc.oneof(nested('[', ']'), nested('{"a":', '}'))],
);

/** Removes the characters that no header can contain. */
export const visible = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();

export const hostileHeader = fc.oneof(
  hostileText.map(visible),
  fc.constantFrom('*', 'W/"1"', '"', '"1-x", *', ',', '""', '-1', 'x'.repeat(300), '~etag.1~, ~etag.2~'),
);

export const hostileCredentials = fc.oneof(
  fc
    .tuple(fc.constantFrom('Bearer ', 'Basic ', 'bearer', 'Digest ', ''), hostileHeader)
    .map(([scheme, text]) => ({ authorization: `${scheme}${text}` })),
  fc.base64String({ maxLength: 200 }).map((text) => ({ authorization: `Basic ${text}` })),
  fc.tuple(fc.base64String(), fc.base64String()).map((parts) => {
    const [header, claims] = parts.map((part) => Buffer.from(part).toString('base64url'));
    return { authorization: `Bearer ${header}.${claims}.c2ln` };
  }),
  hostileHeader.map((text) => ({ 'x-api-key': text })),
  fc.constantFrom<Record<string, string[]>>(
    { authorization: ['Bearer a', 'Bearer b'] },
    { 'x-api-key': ['a'.repeat(30), 'b'.repeat(30)] },
  ),
);

/** Headers that the API does not expect. */
export const strayHeaders = weighted<Record<string, string>>(
  [16, fc.constant({})],
  [
    2,
    fc.dictionary(
      fc.constantFrom(
        ...words(
          'accept accept-encoding origin range if-none-match if-match te cookie referer accept-version',
        ),
        ...words(
          'x-forwarded-for x-forwarded-host forwarded x-http-method-override x-request-id x-original-url',
        ),
        ...words('x-auth-subject x-auth-roles idempotency-key'),
      ),
      hostileHeader,
      { maxKeys: 3 },
    ),
  ],
  [1, fc.constantFrom({ expect: '100-continue' }, { expect: 'the unexpected' })],
  [1, fc.constantFrom({ upgrade: 'h2c', connection: 'upgrade' }, { connection: 'close' })],
);

export const contentType = weighted(
  [16, fc.constantFrom('application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON')],
  [
    1,
    fc.constantFrom(
      ...words(
        'text/plain application/x-www-form-urlencoded multipart/form-data application/merge-patch+json',
      ),
      ...words('application/json;charset=utf-16 application/json,text/html json */* / ; application/json;;='),
    ),
  ],
  [1, hostileHeader],
);
