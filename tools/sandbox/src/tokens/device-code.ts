import { randomBytes, randomInt } from 'node:crypto';
import type { DeviceCode, Instance } from '../instance.js';
import type { TenantRecord } from '../state/state.js';

const defaults = { lifetimeSeconds: 300, length: 6, type: 'randomAlphaNumeric' } as const;

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';
const alphabets = {
  randomAlpha: capitals,
  randomAlphaNumeric: capitals + digits,
  randomBytes: '0123456789ABCDEF',
  randomDigits: digits,
};

/** Stores a device that waits for its approval. Lifetime and form of the user code: the tenant's settings. */
export function issueDeviceCode(
  instance: Instance,
  request: Pick<DeviceCode, 'clientId' | 'tenantId' | 'scopes'>,
): DeviceCode & { readonly code: string } {
  const { externalIdentifierConfiguration = {} } = instance.state.tenants.get(request.tenantId) ?? {};
  const { deviceCodeTimeToLiveInSeconds: seconds = defaults.lifetimeSeconds, deviceUserCodeIdGenerator } =
    externalIdentifierConfiguration;
  const device = {
    ...request,
    userCode: newUserCode(deviceUserCodeIdGenerator),
    expiresAt: instance.now() + seconds * 1000,
  };
  const code = randomBytes(32).toString('base64url');
  instance.deviceCodes.set(code, device);
  return { ...device, code };
}

type UserCodeForm = NonNullable<
  NonNullable<TenantRecord['externalIdentifierConfiguration']>['deviceUserCodeIdGenerator']
>;

function newUserCode({ length = defaults.length, type = defaults.type }: UserCodeForm = {}): string {
  const alphabet = alphabets[type];
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Returns the device that shows `userCode`, if it is waiting at this client. */
export const deviceByUserCode = (
  { deviceCodes }: Instance,
  clientId: string,
  userCode: string,
): DeviceCode | undefined =>
  [...deviceCodes.values()].find((device) => device.clientId === clientId && device.userCode === userCode);
