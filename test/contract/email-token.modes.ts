import { randomBytes, randomUUID } from 'node:crypto';
import { applicationId } from '../../tools/issuer/src/token-minter.js';
import type { ContractWorld } from './contract-world.js';
import type { Issued, IssueOptions, Mode } from './mode.js';
import { newPerson, otherTenant, personTricks, unknownEmail } from './people.js';

const basic = (email: string, secret: string): Issued => {
  const pair = Buffer.from(`${email}:${secret}`).toString('base64');
  return { headers: { authorization: `Basic ${pair}` }, secrets: [secret, pair], email };
};

async function issuePair(world: ContractWorld, options?: IssueOptions): Promise<Issued> {
  const person = await newPerson(world, options);
  const { email, userId, password, authenticationToken = password } = person;
  const presented = basic(email, authenticationToken);
  return { ...presented, secrets: [...presented.secrets, password], userId };
}

/** Returns the pair of a user of another tenant, with the authentication token of an application there. */
async function ofAnotherTenant(world: ContractWorld, email = unknownEmail()): Promise<Issued> {
  const { tenantId, applicationId: theirs } = await otherTenant(world);
  const body = {
    user: { email, password: randomToken(), verified: true },
    registration: { applicationId: theirs, roles: [] },
    generateAuthenticationToken: true,
    skipVerification: true,
  };
  const { registration } = await world.admin<{ registration: { authenticationToken: string } }>(
    'POST',
    '/api/user/registration',
    body,
    tenantId,
  );
  return basic(email, registration.authenticationToken);
}

const randomToken = () => randomBytes(32).toString('base64url');

export const emailTokenModes: readonly Mode[] = [
  {
    name: 'email-token',
    env: { AUTH_STRATEGY: 'email-token' },
    calls: ['POST /api/login'],
    issue: issuePair,
    tricks: {
      malformed: [
        'Basic',
        'Basic !!!',
        'Basic YWJj',
        'Basic OmFiYw==',
        'Basic YUBiLmM6',
        'Basic YTpi YTpi',
      ].map((authorization) => ({ authorization })),
      unknown: () => Promise.resolve(basic(`nobody-${randomUUID()}@example.com`, randomToken())),
      wrongSecret: async (world) => basic((await newPerson(world)).email, randomToken()),
      otherTenant: ofAnotherTenant,
      async realPassword(world) {
        const { email, password } = await newPerson(world);
        return basic(email, password);
      },
      ...personTricks,
      async expire(world, { userId }) {
        const expiresAt = world.sandbox.clock.now() + 60_000;
        await world.admin('PATCH', `/api/user/registration/${userId ?? ''}`, {
          registration: { applicationId, data: { expiresAt } },
        });
        world.sandbox.clock.advance(60_000);
      },
      async revoke(world, { userId }) {
        await world.admin('PUT', `/api/user/registration/${userId ?? ''}`, {
          registration: { applicationId, roles: ['todo-reader'] },
          generateAuthenticationToken: true,
        });
      },
    },
  },
];
