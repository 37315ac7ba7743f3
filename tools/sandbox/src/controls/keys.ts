import { randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { KeyRecord } from '../state/state.js';
import { generateKey } from '../tokens/signing-key.js';
import { announce } from '../webhooks/announce.js';
import { applicationsSigningWith, publicKeysUpdated } from '../webhooks/events.js';

export interface Rotation {
  readonly kid: string;
  readonly previousKid: string;
}

/**
 * Replaces the key `kid` with a new one of the same algorithm wherever it signs; by default replaces the key of
 * the first application that has one. The old one stays in the key set, so that tokens already issued still verify.
 */
export async function rotateKey(instance: Instance, kid?: string): Promise<Rotation> {
  const keys = [...instance.state.keys.values()];
  const application = [...instance.state.applications.values()].find(
    ({ jwtConfiguration }) => jwtConfiguration?.enabled,
  );
  const current = keys.find((key) =>
    kid === undefined ? key.id === application?.jwtConfiguration?.accessTokenKeyId : key.kid === kid,
  );
  if (!current) {
    throw new Error(
      kid === undefined
        ? 'no application signs with a key of its own: set jwtConfiguration.accessTokenKeyId of one in the kickstart file, or name the kid of a key'
        : `there is no signing key ${kid}`,
    );
  }
  const { algorithm, length, name } = current;
  const next = await generateKey(
    { id: randomUUID(), algorithm, length, name: `${name}, rotated` },
    instance.now(),
  );
  const events = publicKeysUpdated(instance, applicationsSigningWith(instance, current.id));
  await announce(instance, events, () => replaceKey(instance, current, next));
  instance.changed();
  return { kid: next.kid, previousKid: current.kid };
}

function replaceKey(instance: Instance, current: KeyRecord, next: KeyRecord): void {
  instance.state.keys.set(next.id, next);
  for (const { jwtConfiguration } of [
    ...instance.state.applications.values(),
    ...instance.state.tenants.values(),
  ]) {
    if (jwtConfiguration?.accessTokenKeyId === current.id) jwtConfiguration.accessTokenKeyId = next.id;
    if (jwtConfiguration?.idTokenKeyId === current.id) jwtConfiguration.idTokenKeyId = next.id;
  }
  for (const { jwtConfiguration } of instance.state.entityTypes.values())
    if (jwtConfiguration?.accessTokenKeyId === current.id) jwtConfiguration.accessTokenKeyId = next.id;
}

/** Removes a key from the key set. If it still signs, its tokens can no longer be verified. */
export async function withdrawKey(instance: Instance, kid: string): Promise<void> {
  const key = [...instance.state.keys.values()].find((candidate) => candidate.kid === kid);
  if (!key) throw new Error(`there is no signing key ${kid}`);
  const events = publicKeysUpdated(instance, applicationsSigningWith(instance, key.id));
  await announce(instance, events, () => {
    key.withdrawn = true;
  });
  instance.changed();
}
