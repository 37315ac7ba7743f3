import { randomUUID } from 'node:crypto';
import { readWebhookEvent } from '#gatehouse/fusionauth';
import { fusionAuthEvent } from '../../../../test/support/webhooks.js';
import type { Json } from '../../../../tools/issuer/src/signing-key.js';
import { applicationId, tenantId } from '../../../../tools/issuer/src/token-minter.js';
import { consequenceOf } from './revocations-of.js';

const [userId, sessionId, actionId, other] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const revoke = 'jwt.refresh-token.revoke';
const session = { target: { kind: 'session', sessionId } };
const user = { target: { kind: 'user', userId } };
const registration = { target: { kind: 'registration', userId, applicationId } };
const application = { target: { kind: 'application', applicationId } };
const lock = { ...user, ifActionPreventsLogin: actionId };
const action = { actionId, actioneeUserId: userId };

const consequence = (type: string, members: Json) => {
  const event = readWebhookEvent({ event: fusionAuthEvent(type, 1_000, members) });
  if (event === undefined || event.type === 'other') throw new Error('not an event about tokens');
  return consequenceOf(event, { tenantId, applicationId });
};

describe('what follows from an event of FusionAuth', () => {
  it.each<[string, string, Json, unknown]>([
    ['one token', revoke, { applicationId, userId, refreshToken: { id: sessionId } }, session],
    [
      'one token of another application',
      revoke,
      { applicationId: other, userId, refreshToken: { id: sessionId } },
      'foreign',
    ],
    [
      'one token that only the map says to be ours',
      revoke,
      { userId, refreshToken: { id: sessionId }, applicationTimeToLiveInSeconds: { [applicationId]: 60 } },
      session,
    ],
    ['an SSO session, of no application', revoke, { userId, refreshToken: { id: sessionId } }, session],
    [
      'all of a user',
      revoke,
      { userId, applicationTimeToLiveInSeconds: { [other]: 60, [applicationId]: 60 } },
      user,
    ],
    [
      'all of a user, in other applications',
      revoke,
      { userId, applicationTimeToLiveInSeconds: { [other]: 60 } },
      'foreign',
    ],
    ['a user in our application', revoke, { userId, applicationId }, registration],
    ['a user in another', revoke, { userId, applicationId: other }, 'foreign'],
    ['all of our application', revoke, { applicationId }, application],
    ['all of another', revoke, { applicationId: other }, 'foreign'],
    ['a deactivation', 'user.deactivate', { user: { id: userId } }, user],
    ['a deletion', 'user.delete', { user: { id: userId } }, user],
    [
      'a deleted registration',
      'user.registration.delete',
      { applicationId, user: { id: userId } },
      registration,
    ],
    ['changed roles', 'user.registration.update', { applicationId, user: { id: userId } }, registration],
    [
      'changed roles in another application',
      'user.registration.update',
      { applicationId: other, user: { id: userId } },
      'foreign',
    ],
    ['the start of an action', 'user.action', { ...action, phase: 'start' }, lock],
    ['a change of an action', 'user.action', { ...action, phase: 'modify' }, lock],
    [
      'an action in our application among others',
      'user.action',
      { ...action, phase: 'start', applicationIds: [other, applicationId] },
      { ...lock, target: { kind: 'registration', userId, applicationId } },
    ],
    [
      'an action in other applications',
      'user.action',
      { ...action, phase: 'start', applicationIds: [other] },
      'foreign',
    ],
    ['a cancelled action', 'user.action', { ...action, phase: 'cancel' }, 'irrelevant'],
    ['the end of an action', 'user.action', { ...action, phase: 'end' }, 'irrelevant'],
    ['new keys', 'jwt.public-key.update', {}, 'refresh-keys'],
    [
      'new keys of our application',
      'jwt.public-key.update',
      { applicationIds: [other, applicationId] },
      'refresh-keys',
    ],
    ['new keys of another', 'jwt.public-key.update', { applicationIds: [other] }, 'foreign'],
  ])('%s: %s %j', (_what, type, members, follows) => {
    expect(consequence(type, members)).toEqual(follows);
  });

  it.each<[string, Json, unknown]>([
    ['of another tenant', { tenantId: other }, 'foreign'],
    [
      'of another tenant by its user',
      { tenantId: undefined, user: { id: userId, tenantId: other } },
      'foreign',
    ],
    ['of our tenant by its user', { tenantId: undefined, user: { id: userId, tenantId } }, user],
    ['of a tenant that it does not name', { tenantId: undefined }, user],
    ['of our tenant in capitals', { tenantId: tenantId.toUpperCase() }, user],
  ])('nothing, where it is %s', (_what, members, follows) => {
    expect(consequence('user.delete', { user: { id: userId }, ...members })).toEqual(follows);
  });
});
