import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { settingLines } from '#gatehouse/platform';
import { apps } from './apps.js';

const root = join(import.meta.dirname, '../..');
const files = Object.keys(apps).filter((app) => !app.includes(' '));

interface Written {
  readonly properties: Readonly<Record<string, { default?: string; not?: object }>>;
}
const schemaOf = (app: string) =>
  JSON.parse(readFileSync(join(root, `docs/schema/${app}.env.schema.json`), 'utf8')) as Written;
function validatorOf(app: string) {
  const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(schemaOf(app));
}

describe.each(files)('docs/schema/%s.env.schema.json', (app) => {
  it('has every setting, and the file of every secret', () => {
    const names = settingLines(apps[app]!.schema).flatMap(({ name, secret }) =>
      secret ? [name, `${name}_FILE`] : [name],
    );
    const { properties } = schemaOf(app);
    const missing = names.filter((name) => !(name in properties) && !name.endsWith('_FILE'));
    expect(missing).toEqual([]);
    expect(Object.keys(properties).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('accepts its own defaults beside the variables of other programs', () => {
    const defaults = Object.entries(schemaOf(app).properties).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    );
    const validate = validatorOf(app);
    validate({ PATH: '/usr/bin', ...Object.fromEntries(defaults) });
    expect(validate.errors).toBeNull();
  });
});

describe('an environment', () => {
  it.each([
    ['todo-api', 'REVOCATION', 'pull'],
    ['todo-api', 'PORT', 'http'],
    ['todo-api', 'FUSIONAUTH_TENANT_ID', 'mine'],
    ['todo-api', 'FUSIONAUTH_MANAGER_KEY', 'a key that this app must not hold'],
    ['reminder-app', 'CREDENTIAL_SOURCE', 'password'],
    ['sandbox', 'PORT', '90 11'],
  ])('of %s with %s=%s is refused', (app, name, value) => {
    const validate = validatorOf(app);
    expect(name in schemaOf(app).properties).toBe(true);
    validate({ [name]: value });
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toEqual([`/${name}`]);
  });

  it('of the Todo API in production names its FusionAuth, which has a default in development only', () => {
    const validate = validatorOf('todo-api');
    expect(validate({ NODE_ENV: 'development' })).toBe(true);
    validate({ NODE_ENV: 'production' });
    expect(validate.errors?.map(({ params }) => params['missingProperty'] as unknown)).toContain(
      'FUSIONAUTH_URL',
    );
  });
});
