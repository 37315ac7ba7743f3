import { randomUUID } from 'node:crypto';
import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { FusionAuthControl, Json, SetupPart } from '#gatehouse/fusionauth/control';
import type { DevCenterConfig } from '../config.js';
import { difference } from './difference.js';
import type { Change, Part } from './part.js';
import type { Wanted, WantedPart } from './wanted.js';

interface Surroundings {
  readonly control: FusionAuthControl;
  readonly data: FusionAuthData;
  readonly config: DevCenterConfig;
}

/** The parts of the set-up, in the order in which they can be made. */
export function setupParts(wanted: Wanted, surroundings: Surroundings): Part[] {
  const { setup } = surroundings.control;
  return [
    madeOnce('lock after failed log-ins', wanted.userAction, setup.userAction),
    signingKey(wanted.signingKey, setup.signingKey),
    lambda(wanted.lambda, setup.lambda),
    tenant(wanted.tenant, surroundings),
    application(wanted.application, surroundings),
    madeOnce('probe group', wanted.group, setup.group),
    entityType(wanted.entityType, surroundings),
    madeOnce('entity of the Todo API', wanted.entity, setup.entity),
  ];
}

const missing = (part: SetupPart, value: Json): Change[] => [
  { text: 'is missing', done: 'created', apply: () => part.make(value) },
];

/** What need only exist. */
const madeOnce = (name: string, { id, value }: WantedPart, at: (id: string) => SetupPart): Part => ({
  name,
  look: async () => ((await at(id).read()) ? [] : missing(at(id), value)),
});

const signingKey = ({ id, value }: WantedPart, at: (id: string) => SetupPart): Part => ({
  name: 'signing key',
  async look() {
    const found = await at(id).read();
    if (!found) return missing(at(id), value);
    const algorithm = String(found['algorithm']);
    if (/^[RE]S(?:256|384|512)$/.test(algorithm)) return [];
    return [{ text: `is for ${algorithm}: delete it in Settings, Key Master, and provision again` }];
  },
});

const lambda = ({ id, value }: WantedPart, at: (id: string) => SetupPart): Part => ({
  name: 'lambda for time zones',
  async look() {
    const found = await at(id).read();
    if (!found) return missing(at(id), value);
    const { name: _name, engineType: _engine, ...compared } = value;
    return merged(at(id), difference(found, compared));
  },
});

/** One change for all members of a part that differ, told apart. */
function merged(part: SetupPart, found: ReturnType<typeof difference>): Change[] {
  if (!found) return [];
  const all = (of: 'text' | 'done') => found.lines.map((line) => line[of]).join('; ');
  return [{ text: all('text'), done: all('done'), apply: () => part.change(found.patch) }];
}

/** What FusionAuth calls itself until somebody says otherwise. */
const defaultIssuer = 'acme.com';

const tenant = ({ id, value }: WantedPart, { control, config }: Surroundings): Part => ({
  name: 'tenant',
  async look() {
    const found = await control.setup.tenant.read();
    if (!found) throw new Error(`tenant ${id} was there a moment ago`);
    const { issuer, ...rest } = value;
    // An issuer that somebody chose is in tokens and configurations already.
    const chosen = config.FUSIONAUTH_ISSUER ?? (found['issuer'] === defaultIssuer ? issuer : found['issuer']);
    return merged(control.setup.tenant, difference(found, { issuer: chosen, ...rest }));
  },
});

const application = ({ id, value }: WantedPart, { control, data }: Surroundings): Part => ({
  name: 'application',
  async look() {
    const { setup } = control;
    const found = await setup.application.read();
    if (!found) return missing(setup.application, value);
    const { name: _name, roles, ...rest } = value;
    const verifiable = await data.hasPublicKey(id);
    return [
      ...merged(setup.application, difference(found, withoutSecret(verifiable ? withoutKeys(rest) : rest))),
      ...absent(found['roles'], roles).map((role) => ({
        text: `lacks the role ${role.name}`,
        done: `added the role ${role.name}`,
        apply: () => setup.addRole(randomUUID(), { ...role }),
      })),
    ];
  },
});

/** A client secret is given to an application that is made, and never compared. */
function withoutSecret(value: Json): Json {
  const { clientSecret: _secret, ...oauth } = value['oauthConfiguration'] as Record<string, unknown>;
  return { ...value, oauthConfiguration: oauth };
}

/** Any key that the key set can vouch for will do. */
function withoutKeys(value: Json): Json {
  const {
    accessTokenKeyId: _at,
    idTokenKeyId: _id,
    ...jwt
  } = value['jwtConfiguration'] as Record<string, unknown>;
  return { ...value, jwtConfiguration: jwt };
}

interface Named {
  readonly name: string;
}

const absent = (found: unknown, wanted: unknown): readonly Named[] => {
  const names = new Set(((found ?? []) as readonly Named[]).map(({ name }) => name));
  return (wanted as readonly Named[]).filter(({ name }) => !names.has(name));
};

const entityType = ({ id, value }: WantedPart, { control: { setup } }: Surroundings): Part => ({
  name: 'entity type',
  async look() {
    const part = setup.entityType(id);
    const found = await part.read();
    if (!found) return missing(part, value);
    const { name: _name, permissions, ...rest } = value;
    const jwt = difference(found, rest);
    return [
      ...(jwt
        ? [{ text: `${jwt.lines.map(({ text }) => text).join('; ')}: set it in Entities, Entity Types` }]
        : []),
      ...absent(found['permissions'], permissions).map((permission) => ({
        text: `lacks the permission ${permission.name}`,
        done: `added the permission ${permission.name}`,
        apply: () => setup.addPermission(id, randomUUID(), { ...permission }),
      })),
    ];
  },
});
