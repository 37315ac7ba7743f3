import { request } from 'node:http';
import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';

/** Inserted by the bundler. */
declare const settings: { readonly issuer: string; readonly audience: string; readonly jwksUri: string };

/** Reads like the library's own fetcher, but over plain http, which that one refuses. */
const fetcher = {
  fetch: (uri: string) =>
    new Promise<ArrayBuffer>((resolve, reject) => {
      request(uri, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
        answer.on('end', () => resolve(new Uint8Array(Buffer.concat(parts)).buffer));
      })
        .on('error', reject)
        .end();
    }),
};

const verifier = JwtVerifier.create(settings, { jwksCache: new SimpleJwksCache({ fetcher }) });

/** A TOKEN authorizer around aws-jwt-verify. */
export async function handler({ authorizationToken, methodArn }: Record<string, string>) {
  const { sub } = await verifier.verify((authorizationToken ?? '').replace(/^Bearer /, ''));
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }];
  return { principalId: sub, policyDocument: { Version: '2012-10-17', Statement } };
}
