import { randomUUID } from 'node:crypto';
import type { FusionAuthControl, Json, SetupPart } from '#gatehouse/fusionauth/control';
import type { FusionAuthContext } from '../context.js';
import { type Difference, difference } from './difference.js';
import type { Wanted, WantedPart } from './wanted.js';

/** A difference that a program can fix. */
export interface FixableChange {
  /** The difference from the wanted state. */
  readonly text: string;
  /** The change that was made, once it was made. */
  readonly done: string;
  readonly apply: () => Promise<void>;
  /** Applied only when nothing else is left. */
  readonly last?: true;
}

/** A difference. If no API can fix it, `text` says who can. */
export type Change = FixableChange | { readonly text: string; readonly apply?: undefined };

/** A part of the configuration. Later parts may need earlier ones. */
export interface Part {
  readonly name: string;
  /** Compares the part with the wanted configuration, without changing anything. Throws FusionAuth's errors. */
  readonly look: () => Promise<readonly Change[]>;
}

/** The clients and settings of all parts; `control` uses the strongest key that FusionAuth accepts. */
export interface SetUp extends Pick<FusionAuthContext, 'config' | 'data'> {
  readonly wanted: Wanted;
  readonly control: FusionAuthControl;
}

/** Returns the parts of the configuration, in the order in which they can be created. */
export function setupParts(setUp: SetUp): Part[] {
  const { wanted, control } = setUp;
  const { setup } = control;
  return [
    madeOnce('lock after failed log-ins', wanted.userAction, setup.userAction),
    signingKey('signing key', wanted.signingKey, setup.signingKey),
    signingKey('key of webhooks', wanted.webhookKey, setup.signingKey),
    lambda(wanted.lambda, setup.lambda),
    tenant(setUp),
    application(setUp),
    madeOnce('probe group', wanted.group, setup.group),
    entityType(setUp),
    madeOnce('entity of the Todo API', wanted.entity, setup.entity),
    ...callsOfBrowsers(setUp),
  ];
}

/** Returns a part that is created if it is missing, and compared if it exists. */
export const part = (
  name: string,
  at: SetupPart,
  value: Json,
  compare: (found: Json) => readonly Change[] | Promise<readonly Change[]>,
): Part => ({
  name,
  async look() {
    const found = await at.read();
    return found ? compare(found) : [{ text: 'is missing', done: 'created', apply: () => at.make(value) }];
  },
});

const madeOnce = (name: string, { id, value }: WantedPart, at: (id: string) => SetupPart): Part =>
  part(name, at(id), value, () => []);

const signingKey = (name: string, { id, value }: WantedPart, at: (id: string) => SetupPart): Part =>
  part(name, at(id), value, (found) => {
    const algorithm = String(found['algorithm']);
    if (/^[RE]S(?:256|384|512)$/.test(algorithm)) return [];
    return [{ text: `is for ${algorithm}: delete it in Settings, Key Master, and provision again` }];
  });

const lambda = ({ id, value }: WantedPart, at: (id: string) => SetupPart): Part =>
  part('lambda for time zones', at(id), value, (found) =>
    patched(at(id), difference(found, without(value, 'name', 'engineType'))),
  );

/** Returns one change for all members of a part that differ, named one by one; `why` is appended. */
export function patched(at: SetupPart, found: Difference | undefined, why = ''): Change[] {
  if (!found) return [];
  const all = (of: 'text' | 'done') => found.lines.map((line) => line[of]).join('; ') + why;
  return [{ text: all('text'), done: all('done'), apply: () => at.change(found.patch) }];
}

/** FusionAuth's default issuer. */
const defaultIssuer = 'acme.com';

const tenant = ({ wanted, control, config }: SetUp): Part => ({
  name: 'tenant',
  async look() {
    const { id, value } = wanted.tenant;
    const found = await control.setup.tenant.read();
    if (!found) throw new Error(`tenant ${id} was deleted in the meantime`);
    // An issuer that somebody has set is already in tokens and configurations.
    const current = found['issuer'] === defaultIssuer ? value['issuer'] : found['issuer'];
    const issuer = config.FUSIONAUTH_ISSUER ?? current;
    const compared = { ...without(value, 'eventConfiguration'), issuer };
    return patched(control.setup.tenant, difference(found, compared));
  },
});

const tokenKeys = ['accessTokenKeyId', 'idTokenKeyId'];
const misusedKey = ' (the key of webhooks must sign no token, or a signed event could pass for one)';

/** Tells whether the key of webhooks signs tokens too. */
function signsTokens(found: Json, { id }: WantedPart): boolean {
  const ids = (found['jwtConfiguration'] ?? {}) as Json;
  return tokenKeys.some((name) => ids[name] === id);
}

const application = ({ wanted, control: { setup }, data }: SetUp): Part => {
  const { id, value } = wanted.application;
  return part('application', setup.application, value, async (found) => {
    // A client secret is set on a new application, and never compared.
    const compared = {
      ...without(value, 'name', 'roles'),
      oauthConfiguration: without(value['oauthConfiguration'], 'clientSecret'),
    };
    // Any key in the key set will do, except the one that must sign only webhooks.
    const misused = signsTokens(found, wanted.webhookKey);
    const keys = !misused && (await data.hasPublicKey(id)) ? tokenKeys : [];
    const jwtConfiguration = without(value['jwtConfiguration'], ...keys);
    const differs = difference(found, { ...compared, jwtConfiguration });
    return [
      ...patched(setup.application, differs, misused ? misusedKey : ''),
      ...added('role', found['roles'], value['roles'], (role) => setup.addRole(randomUUID(), role)),
    ];
  });
};

const entityType = ({ wanted, control: { setup } }: SetUp): Part => {
  const { id, value } = wanted.entityType;
  return part('entity type', setup.entityType(id), value, (found) => {
    const differs = difference(found, without(value, 'name', 'permissions'));
    const texts = differs?.lines.map(({ text }) => text).join('; ');
    const why = signsTokens(found, wanted.webhookKey) ? misusedKey : '';
    return [
      ...(texts === undefined ? [] : [{ text: `${texts}${why}: set it in Entities, Entity Types` }]),
      ...added('permission', found['permissions'], value['permissions'], (permission) =>
        setup.addPermission(id, randomUUID(), permission),
      ),
    ];
  });
};

/** CORS is one setting for all tenants. */
function callsOfBrowsers({ wanted, control: { setup } }: SetUp): Part[] {
  const { systemConfiguration: value } = wanted;
  if (value === undefined) return [];
  const at = setup.systemConfiguration;
  return [part('calls of browsers (CORS)', at, value, (found) => patched(at, difference(found, value)))];
}

/** A change for each of the wanted roles or permissions that is not among those found. */
function added(
  kind: 'role' | 'permission',
  found: unknown,
  wanted: unknown,
  add: (value: Json) => Promise<void>,
): Change[] {
  const names = new Set(((found ?? []) as readonly Json[]).map(({ name }) => name));
  return (wanted as readonly Json[])
    .filter(({ name }) => !names.has(name))
    .map((value) => ({
      text: `lacks the ${kind} ${String(value['name'])}`,
      done: `added the ${kind} ${String(value['name'])}`,
      apply: () => add(value),
    }));
}

export const without = (value: unknown, ...names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value as Json).filter(([name]) => !names.includes(name)));
