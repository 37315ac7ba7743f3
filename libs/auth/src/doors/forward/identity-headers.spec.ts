import { principalOf } from '../../../../../test/support/principal.js';
import { identityOf } from './identity-headers.js';

describe('the identity headers that an API behind a proxy receives', () => {
  it('names a machine as its own client, and none for a person', () => {
    expect(identityOf(principalOf({ kind: 'machine' }))).toMatchObject({ 'X-Auth-Client': 's' });
    expect(identityOf(principalOf({}))).toMatchObject({ 'X-Auth-Subject': 's', 'X-Auth-Client': '' });
  });

  it('omits a role that would read as two, or break the line', () => {
    const roles = ['reader', 'a,admin', 'two words', 'x\r\nX-Auth-Subject: y', 'écrivain', '', 'writer'];
    expect(identityOf(principalOf({ roles }))?.['X-Auth-Roles']).toBe('reader,writer');
  });

  it.each(['', 'a b', 'a\r\nb', 'ä'])(
    'is undefined where the subject is %j, which no header can carry',
    (subject) => {
      expect(identityOf(principalOf({ subject }))).toBeUndefined();
    },
  );
});
