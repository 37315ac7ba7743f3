import { FusionAuthClient } from '@fusionauth/typescript-client';
import { fusionAuthData } from '#gatehouse/fusionauth';
import { Secret } from '#gatehouse/platform';
import { ownKey, probeGroupId } from '../../../measure/src/fusionauth-stand-in.js';
import { serveParent, settings } from '../../../measure/src/serve.js';
import type { IssuerSettings } from './auth-config.js';

export type CallName = 'introspection' | 'API key probe' | 'log-in';
export type Caller = 'ours' | 'official client';

interface Calling {
  readonly by: Caller;
  readonly call: CallName;
  readonly times: number;
}

const concurrency = 16;
const key = 'good-key-of-a-client-that-may-read';
const token = 'eyJhbGciOiJSUzI1NiJ9.'.padEnd(1_000, 'x');
const login = { email: 'ada@example.com', token: 'good-token', address: '127.0.0.1' };

/** The calls that a guard makes, by our pooled client and by FusionAuth's official one. */
const { fusionAuthUrl: url, tenantId, applicationId } = settings as IssuerSettings;
const ours = fusionAuthData({
  url,
  tenantId,
  applicationId,
  probeGroupId,
  apiKey: new Secret(ownKey),
  deadlineMs: 5_000,
});
const official = new FusionAuthClient(key, url, tenantId);
const signal = () => AbortSignal.timeout(5_000);

const callers: Record<Caller, Record<CallName, () => Promise<unknown>>> = {
  ours: {
    introspection: () => ours.introspect(token, 'user', signal()),
    'API key probe': () => ours.apiKeys.probe(key, signal()),
    'log-in': () => ours.login(login, signal()),
  },
  'official client': {
    introspection: () => official.introspectAccessToken(applicationId, token),
    'API key probe': () => official.retrieveGroup(probeGroupId),
    'log-in': () => official.login({ loginId: login.email, password: login.token, applicationId }),
  },
};

/** Returns the microseconds of CPU for one call. */
async function measure({ by, call, times }: Calling): Promise<number> {
  const before = process.cpuUsage();
  let left = times;
  const keepCalling = async (): Promise<void> => {
    while (left-- > 0) await callers[by][call]();
  };
  await Promise.all(Array.from({ length: concurrency }, keepCalling));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

serveParent('', { measure });
