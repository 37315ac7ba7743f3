import { FusionAuthClient } from '@fusionauth/typescript-client';
import { fusionAuthData } from '#gatehouse/fusionauth';
import { Secret } from '#gatehouse/platform';
import { serveParent, settings } from '../processes/in-child.js';
import type { GuardSettings } from './guards/guard-under-test.js';
import { probeGroupId } from './probe-group.js';

export type CallName = 'introspection' | 'API key probe' | 'log-in';
export type Caller = 'ours' | 'official client';

export interface Calling {
  readonly by: Caller;
  readonly call: CallName;
  readonly times: number;
}

const concurrency = 16;
const key = 'good-key-of-a-client-that-may-read';
const token = 'eyJhbGciOiJSUzI1NiJ9.'.padEnd(1_000, 'x');

/** The calls that a guard makes, by our pooled client and by FusionAuth's official one. */
const { fusionAuthUrl, tenantId, applicationId } = settings as GuardSettings;
const ours = fusionAuthData({
  url: fusionAuthUrl,
  tenantId,
  applicationId,
  probeGroupId,
  apiKey: new Secret('our-own-narrow-key'),
  deadlineMilliseconds: 5_000,
});
const official = new FusionAuthClient(key, fusionAuthUrl, tenantId);
const login = { email: 'ada@example.com', token: 'good-token', address: '127.0.0.1' };
const timely = () => AbortSignal.timeout(5_000);

const callers: Record<Caller, Record<CallName, () => Promise<unknown>>> = {
  ours: {
    introspection: () => ours.introspect(token, 'user', timely()),
    'API key probe': () => ours.apiKeys.probe(key, timely()),
    'log-in': () => ours.login(login, timely()),
  },
  'official client': {
    introspection: () => official.introspectAccessToken(applicationId, token),
    'API key probe': () => official.retrieveGroup(probeGroupId),
    'log-in': () => official.login({ loginId: login.email, password: login.token, applicationId }),
  },
};

/** Microseconds of CPU for one call. */
async function measure({ by, call, times }: Calling): Promise<number> {
  const before = process.cpuUsage();
  let left = times;
  const one = callers[by][call];
  const keepCalling = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: concurrency }, keepCalling));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

serveParent('', { measure });
