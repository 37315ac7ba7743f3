import { appHelp } from '#gatehouse/platform';
import { startSchema } from './config.js';
import { partSettings } from './part-settings.js';

const named = partSettings().map(({ name }) => name);

describe('npm start -- --help', () => {
  it('names the settings that the parts take, once each', () => {
    expect(named).toEqual(
      expect.arrayContaining(['AUTH_STRATEGY', 'JWT_VALIDATION', 'CREDENTIAL_SOURCE', 'MAIL_FROM', 'DOCS']),
    );
    expect(new Set(named).size).toBe(named.length);
  });

  it('leaves out what is settled by its own settings, and what points at other servers', () => {
    for (const name of ['PORT', 'HOST', 'DATA_DIR', 'FUSIONAUTH_URL', 'SMTP_URL', 'API_KEY', 'TODO_API_URL'])
      expect(named).not.toContain(name);
  });

  it('shows them under a heading of their own, with the defaults that hold here', () => {
    const further = { title: 'Environment of the parts:', settings: partSettings() };
    const text = appHelp({ name: 'start', about: 'all', schema: startSchema, further });
    expect(text.split('Environment of the parts:\n')[1]).toMatch(/^ {2}AUTH_STRATEGY .*\(default jwt\)$/m);
    expect(text).toMatch(/FUSIONAUTH_DEADLINE_MS .*\(default 5000\)/);
  });
});
