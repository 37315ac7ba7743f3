import { compactVerify, importJWK, type JWK } from 'jose';
import { type Issuer, startIssuer } from '../issuer/start-issuer.js';
import { familyNames, mutations } from '../mutations/mutations.js';
import { developmentTarget } from '../target.js';
import { hostileKinds } from './corpus.js';
import { legalKinds } from './groups/legal.js';
import { publishedTokens } from './groups/published.js';
import { createMint, type Mint } from './mint.js';

let issuer: Issuer;
let mint: Mint;
beforeAll(async () => {
  issuer = await startIssuer({ port: 0, target: developmentTarget });
  mint = createMint(issuer.target, issuer);
});
afterAll(() => issuer.close());

describe('the corpus', () => {
  it('has at least 150 kinds of hostile requests and 25 of legal ones, with unique names', () => {
    expect(hostileKinds.length).toBeGreaterThanOrEqual(150);
    expect(legalKinds.length).toBeGreaterThanOrEqual(25);
    const names = [
      ...hostileKinds.map(({ group, name }) => `${group}: ${name}`),
      ...legalKinds.map(({ name }) => name),
    ];
    expect(names).toHaveLength(new Set(names).size);
  });

  const key = (jwk: JWK) => jwk;
  it.each<[keyof typeof publishedTokens, JWK]>([
    [
      'RFC 7515 A.1',
      key({
        kty: 'oct',
        k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
      }),
    ],
    [
      'RFC 7515 A.2',
      key({
        kty: 'RSA',
        e: 'AQAB',
        n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
      }),
    ],
    [
      'RFC 7515 A.3',
      key({
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      }),
    ],
    [
      'RFC 7515 A.4',
      key({
        kty: 'EC',
        crv: 'P-521',
        x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
        y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
      }),
    ],
    [
      'RFC 7520 4.1',
      key({
        kty: 'RSA',
        e: 'AQAB',
        n: 'n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw',
      }),
    ],
    [
      'RFC 7520 4.3',
      key({
        kty: 'EC',
        crv: 'P-521',
        x: 'AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt',
        y: 'AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1',
      }),
    ],
    ['RFC 7520 4.4', key({ kty: 'oct', k: 'hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg' })],
  ])('has the published signature of %s, which its own key verifies (JWT-4)', async (name, jwk) => {
    const token = publishedTokens[name];
    const { alg = '' } = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as {
      alg?: string;
    };
    await expect(compactVerify(token, await importJWK(jwk, alg))).resolves.toBeDefined();
  });
});

describe('the mutations', () => {
  const generated = (seed: number) =>
    mutations(seed, 2 * familyNames.length).map((kind) => [kind.name, kind.make(mint).note]);

  it('are the same for the same seed and differ for another', () => {
    const notes = (seed: number) => generated(seed).map(([, note]) => note);
    const withoutIds = (seed: number) =>
      notes(seed).filter((note) => !note?.includes(issuer.keys.good.rs256.kid));
    expect(withoutIds(7)).toEqual(withoutIds(7));
    expect(withoutIds(7)).not.toEqual(withoutIds(8));
  });

  it('alternate between the families', () => {
    const names = generated(1).map(([name = '']) => name.replace(/ \(.*/, ''));
    expect(new Set(names)).toEqual(new Set(familyNames));
  });
});
