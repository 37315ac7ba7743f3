import { z } from 'zod';
import { defaultKickstartFile, readKickstart } from '#gatehouse/fusionauth/kickstart';

interface Signing {
  readonly name: string;
  readonly signingKeyId: string;
  /** Lifetime of access tokens in seconds; by default an hour. */
  readonly tokenSeconds?: number;
}

const file = z.object({
  requests: z.array(z.object({ url: z.string(), body: z.record(z.string(), z.unknown()) })),
});

/** The redirect address after the log-in; nothing listens there. */
export const redirectUri = 'http://127.0.0.1:3001/callback';

/** The permissions of our own narrow key: those that the Todo API needs. */
export const ownPermissions = {
  '/api/entity': ['GET'],
  '/api/entity/grant': ['GET'],
  '/api/group': ['GET'],
  '/api/jwt/refresh': ['GET'],
  '/api/login': ['POST'],
  '/api/user': ['GET'],
  '/api/user/action': ['GET'],
};

/** Returns the application of the kickstart file under another name, with its own secret and key. */
export async function applicationBody({
  name,
  clientSecret,
  signingKeyId,
  tokenSeconds = 3_600,
}: Signing & { readonly clientSecret: string }): Promise<object> {
  const { requests } = file.parse(JSON.parse((await readKickstart(defaultKickstartFile())).text));
  const found = requests.find(({ url }) => url.startsWith('/api/application/'))?.body['application'] as
    Record<string, unknown> | undefined;
  if (!found) throw new Error('the kickstart file has no application');
  const { lambdaConfiguration: _lambda, jwtConfiguration, oauthConfiguration, ...others } = found;
  const keys = { accessTokenKeyId: signingKeyId, idTokenKeyId: signingKeyId };
  return {
    ...others,
    name,
    jwtConfiguration: { ...(jwtConfiguration as object), ...keys, timeToLiveInSeconds: tokenSeconds },
    oauthConfiguration: { ...(oauthConfiguration as object), clientSecret },
  };
}

export const entityTypeBody = ({ name, signingKeyId, tokenSeconds = 3_600 }: Signing) => ({
  name,
  jwtConfiguration: { enabled: true, accessTokenKeyId: signingKeyId, timeToLiveInSeconds: tokenSeconds },
  permissions: ['todo-reader', 'todo-writer', 'todo-auditor'].map((permission) => ({ name: permission })),
});
