import type { Principal } from '../../core/principal.js';
import { identityOf } from './identity-headers.js';

const principal = (other: Partial<Principal>): Principal => ({
  subject: 's1',
  issuer: 'i',
  kind: 'user',
  via: 'jwt',
  roles: [],
  credentialId: 'c',
  ...other,
});

describe('the identity headers that an API behind a proxy receives', () => {
  it('names a machine as its own client, and none for a person', () => {
    expect(identityOf(principal({ kind: 'machine' }))).toMatchObject({ 'X-Auth-Client': 's1' });
    expect(identityOf(principal({}))).toMatchObject({ 'X-Auth-Subject': 's1', 'X-Auth-Client': '' });
  });

  it('omits a role that would read as two, or break the line', () => {
    const roles = ['reader', 'a,admin', 'two words', 'x\r\nX-Auth-Subject: y', 'écrivain', '', 'writer'];
    expect(identityOf(principal({ roles }))?.['X-Auth-Roles']).toBe('reader,writer');
  });

  it.each(['', 'a b', 'a\r\nb', 'ä'])(
    'is undefined where the subject is %j, which no header can carry',
    (subject) => {
      expect(identityOf(principal({ subject }))).toBeUndefined();
    },
  );
});
