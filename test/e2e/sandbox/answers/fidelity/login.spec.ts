import { adaId, api, applicationId, call, configure, configureTenant } from '../../started-sandbox.js';
import { login, patchAda, sandbox } from '../ground.js';

const loginStatus = async (changes: object = {}) => (await login(changes)).status;

describe('FusionAuth’s Login API', () => {
  it('a log-in with correct credentials is 202, 203, 212, 213 or 242 by fields of the user and the registration', async () => {
    await configureTenant(sandbox, { emailConfiguration: { unverified: { behavior: 'Gated' } } });
    await configure(sandbox, { unverified: { behavior: 'Gated' } });
    const register = (verified: boolean) =>
      call(sandbox, 'PUT', `/api/user/registration/${adaId}`, {
        registration: { applicationId, verified },
      });
    const statuses = [await loginStatus()];
    const then = async (change: Promise<unknown>) => {
      await change;
      statuses.push(await loginStatus());
    };
    await then(register(false));
    await then(patchAda({ verified: false }));
    await then(patchAda({ passwordChangeRequired: true }));
    await then(patchAda({ twoFactor: { methods: [{ id: 'a1', method: 'authenticator' }] } }));
    await patchAda({ twoFactor: null, passwordChangeRequired: null, verified: true });
    await then(api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`));
    expect(statuses).toEqual([200, 213, 212, 203, 242, 202]);
  });

  it('423 is answered before the password is checked', async () => {
    await api(sandbox, 'DELETE', `/api/user/${adaId}`);
    expect(await loginStatus({ password: 'wrong' })).toBe(423);
  });

  it('the fifth failed log-in locks the account: 409', async () => {
    for (let failed = 0; failed < 5; failed += 1) expect(await loginStatus({ password: 'wrong' })).toBe(404);
    expect(await loginStatus()).toBe(409);
  });

  it('a tenant or an application that requires a second factor answers 242 to a user without one', async () => {
    await configureTenant(sandbox, { multiFactorConfiguration: { loginPolicy: 'Required' } });
    const { status, body } = await login();
    expect([status, body]).toEqual([242, { twoFactorId: expect.any(String), methods: [] }]);
    await configure(sandbox, { multiFactorConfiguration: { loginPolicy: 'Disabled' } });
    expect(await loginStatus()).toBe(200);
    await configure(sandbox, { multiFactorConfiguration: { loginPolicy: 'Required' } });
    expect(await loginStatus()).toBe(242);
  });

  it('a password that is too old, or breaks a rule set since, must be changed: 203', async () => {
    await configureTenant(sandbox, { maximumPasswordAge: { enabled: true, days: 30 } });
    expect(await loginStatus()).toBe(200);
    sandbox.clock.advance(30 * 86_400_000);
    expect((await login()).body['changePasswordReason']).toBe('Expired');
    await configureTenant(sandbox, {
      maximumPasswordAge: { enabled: false },
      passwordValidationRules: { minLength: 200, validateOnLogin: true },
    });
    expect((await login()).body['changePasswordReason']).toBe('Validation');
    await configureTenant(sandbox, { passwordValidationRules: { validateOnLogin: false } });
    expect(await loginStatus()).toBe(200);
  });
});
