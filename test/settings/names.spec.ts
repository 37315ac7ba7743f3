import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentNames } from '#gatehouse/fusionauth/kickstart';
import { mistypedSettings, settingLines } from '#gatehouse/platform';
import { apps } from './apps.js';

const root = join(import.meta.dirname, '../..');
const namesOf = (app: string) =>
  settingLines(apps[app]!.schema).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
const ofKickstart = environmentNames(readFileSync(join(root, 'deploy/kickstart/kickstart.json'), 'utf8'));

describe.each(Object.keys(apps))('%s', (app) => {
  it('mistakes no setting of another app, and no secret of the kickstart file, for a slip of its own', () => {
    const others = [...Object.keys(apps).flatMap(namesOf), ...ofKickstart];
    const said = others.flatMap((name) => mistypedSettings([apps[app]!.schema], { [name]: 'x' }));
    expect(others.length).toBeGreaterThan(100);
    expect(said).toEqual([]);
  });

  it('mistakes nothing of this process’s own environment for a slip', () => {
    expect(mistypedSettings([apps[app]!.schema], process.env)).toEqual([]);
  });

  it('points out a slip in every name that is long enough', () => {
    for (const name of namesOf(app).filter(({ length }) => length >= 8)) {
      const slip = `${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}`;
      const said = mistypedSettings([apps[app]!.schema], { [slip]: 'hunter2' });
      if (slip !== name) expect([name, said.length]).toEqual([name, 1]);
      expect(said.join()).not.toContain('hunter2');
    }
  });
});
