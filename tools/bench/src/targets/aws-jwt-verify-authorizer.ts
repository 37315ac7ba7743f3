import { JwtVerifier } from 'aws-jwt-verify';

/** Put in by the bundler. */
declare const settings: { readonly issuer: string; readonly audience: string; readonly jwksUri: string };

const verifier = JwtVerifier.create(settings);

/** A TOKEN authorizer around aws-jwt-verify. */
export async function handler({ authorizationToken, methodArn }: Record<string, string>) {
  const { sub } = await verifier.verify((authorizationToken ?? '').replace(/^Bearer /, ''));
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }];
  return { principalId: sub, policyDocument: { Version: '2012-10-17', Statement } };
}
