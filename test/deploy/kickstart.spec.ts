import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { environmentNames, substituteAll } from '#gatehouse/fusionauth/kickstart';
import { openApi } from '../support/openapi/validator.js';

const file = join(import.meta.dirname, '..', '..', 'deploy', 'kickstart', 'kickstart.json');
const text = readFileSync(file, 'utf8');

/** FusionAuth's documented format (Kickstart guide), without the parts that this file does not use. */
const format = z.strictObject({
  variables: z.record(z.string(), z.guid()),
  apiKeys: z.array(
    z.strictObject({
      key: z.string(),
      description: z.string(),
      tenantId: z.string().optional(),
      keyManager: z.boolean().optional(),
      permissions: z
        .strictObject({
          endpoints: z.record(
            z.string().regex(/^\/api\/[\w/-]+$/),
            z.array(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])),
          ),
        })
        .optional(),
    }),
  ),
  requests: z.array(
    z.strictObject({
      method: z.enum(['POST', 'PUT', 'PATCH']),
      url: z.string().startsWith('/api/'),
      tenantId: z.string().optional(),
      contentType: z.string().optional(),
      body: z.record(z.string(), z.unknown()),
    }),
  ),
});

const kickstart = format.parse(JSON.parse(text));
const secrets = Object.fromEntries(environmentNames(text).map((name) => [name, `value of ${name}`]));
const filled = substituteAll(kickstart, kickstart.variables, secrets);

// Lambdas are not in the part of FusionAuth's document that is stored here; these are the fields of the official
// client.
const lambdaRequest = z.strictObject({
  lambda: z.strictObject({
    name: z.string().max(191),
    type: z.literal('JWTPopulate'),
    engineType: z.literal('GraalJS'),
    debug: z.boolean(),
    body: z.string().startsWith('function populate(jwt, user, registration)'),
  }),
});

describe('the kickstart file', () => {
  const document = openApi();

  it.each(filled.requests.map(({ method, url, body }) => ({ operation: `${method} ${url}`, body })))(
    'sends a body that FusionAuth documents: $operation',
    ({ operation, body }) => {
      if (operation.startsWith('POST /api/lambda/'))
        expect(lambdaRequest.safeParse(body).error).toBeUndefined();
      else expect(document.problemsOfRequest(operation, body)).toEqual([]);
    },
  );

  it('would be refused with a misspelled field', () => {
    const { method, url } = filled.requests.find((request) => request.url.startsWith('/api/tenant/'))!;
    // cspell:ignore isuer
    expect(document.problemsOfRequest(`${method} ${url}`, { tenant: { isuer: 'x' } })).toEqual([
      '/tenant must NOT have additional properties: isuer',
    ]);
  });

  it('holds no secret: keys, passwords and client secrets are names of the environment', () => {
    const values: string[] = [];
    JSON.parse(text, (name: string, value: unknown) => {
      if (/^(key|.*password|.*secret|.*token)$/i.test(name) && typeof value === 'string') values.push(value);
      return value;
    });
    expect(values).toHaveLength(Object.keys(secrets).length);
    expect(values.filter((value) => !/^#\{ENV\.\w+\}$/.test(value))).toEqual([]);
  });

  it('gives no key but the bootstrap key more than it names, and binds the others to the tenant', () => {
    const [bootstrap, ...others] = filled.apiKeys;
    expect(bootstrap).toMatchObject({ description: expect.stringContaining('Delete it') });
    for (const key of others) {
      expect(key.tenantId).toBe(kickstart.variables['defaultTenantId']);
      expect(Object.keys(key.permissions?.endpoints ?? {})).not.toHaveLength(0);
    }
  });

  it('signs tokens with an asymmetric key, the only kind that a resource server can verify with the public key set', () => {
    const application = filled.requests.find(({ url }) => url.startsWith('/api/application/'))?.body[
      'application'
    ];
    const key = filled.requests.find(({ url }) => url.startsWith('/api/key/generate/'));
    expect(key?.body).toMatchObject({ key: { algorithm: 'RS256' } });
    expect(application).toMatchObject({
      jwtConfiguration: {
        enabled: true,
        accessTokenKeyId: key?.url.split('/').at(-1),
        idTokenKeyId: key?.url.split('/').at(-1),
      },
    });
  });

  it('asks for entities last: a FusionAuth without a licence refuses them, and applies nothing after a refusal', () => {
    const paid = filled.requests.map(({ url }) => url.startsWith('/api/entity'));
    expect(paid).toContain(true);
    expect(paid.lastIndexOf(false)).toBeLessThan(paid.indexOf(true));
  });

  it('marks every address as verified, because todos are mailed only to such', () => {
    const users = filled.requests.filter(({ url }) => url.startsWith('/api/user/registration/'));
    expect(users).toHaveLength(7);
    for (const { body } of users)
      expect(body).toMatchObject({ skipVerification: true, user: { verified: true } });
  });
});
