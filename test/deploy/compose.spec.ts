import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '#gatehouse/platform';
import { reminderProblems, schemaFor } from '../../apps/reminder-app/src/config.js';
import { todoApiProblems, todoApiSchema } from '../../apps/todo-api/src/config.js';

interface Service {
  image?: string;
  build?: { dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  env_file?: string;
  ports?: string[];
  healthcheck?: object;
}

const root = join(import.meta.dirname, '..', '..');
const deploy = join(root, 'deploy');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const { services } = parse(read('deploy', 'compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
};
const each = Object.entries(services);

const makeSecrets = join(deploy, 'make-secrets.mjs');
let secrets: string;
beforeAll(() => {
  secrets = join(mkdtempSync(join(tmpdir(), 'gatehouse-deploy-')), 'secrets');
  execFileSync(process.execPath, [makeSecrets, secrets]);
});
afterAll(() => rmSync(dirname(secrets), { recursive: true }));

const valuesOf = (file: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(secrets, basename(file)), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** Returns the environment of the container; `${NAME:-default}` has its default, as in a shell without the variable. */
function environmentOf(name: string): Record<string, string> {
  const { environment = {}, env_file: file } = services[name]!;
  const plain = Object.entries(environment).map(([key, value]) => [
    key,
    value.replace(/\$\{\w+:-(.*?)\}/, '$1'),
  ]);
  return { ...(file ? valuesOf(file) : {}), ...Object.fromEntries(plain) };
}

interface Complaint {
  readonly rule: string;
  readonly message: string;
}

interface Linter {
  lintFiles(paths: string[], recursive: boolean): { messages: Complaint[] }[];
}

/** dclint includes the schema; its published types do not resolve for ES modules. */
async function lint(path: string, rules: Record<string, number>) {
  const dclint: unknown = await import('dclint');
  const { DCLinter } = dclint as { DCLinter: new (options: object) => Linter };
  return new DCLinter({ rules, quiet: true, debug: false, exclude: [] }).lintFiles([path], false);
}

describe('the compose file', () => {
  it('is as the Compose Specification’s schema wants it, and as its linter does', async () => {
    const rules = Object.fromEntries(
      [
        'no-build-and-image',
        'no-duplicate-exported-ports',
        'no-unbound-port-interfaces',
        'no-version-field',
        'require-quotes-in-ports',
        'service-image-require-explicit-tag',
      ].map((rule) => [rule, 2]),
    );
    const results = await lint(join(deploy, 'compose.yaml'), rules);
    const complaints = results.flatMap(({ messages }) => messages);
    const chosen = complaints.filter(({ rule }) => rule === 'invalid-schema' || rule in rules);
    expect(results).toHaveLength(1);
    expect(chosen).toEqual([]);
  });

  it('opens ports on this machine only', () => {
    const ports = each.flatMap(([, { ports: published = [] }]) => published);
    expect(ports).not.toHaveLength(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('pins every image to a release, FusionAuth to the one that the documents speak of', () => {
    const images = each.flatMap(([, { image }]) => (image === undefined ? [] : [image]));
    expect(images.filter((image) => !/:v?\d+\.\d+(\.\d+)?$/.test(image))).toEqual([]);
    expect(services['fusionauth']?.image).toBe('fusionauth/fusionauth-app:1.69.0');
    expect(services['database']?.image).toMatch(/^postgres:16\./);
  });

  it('checks the health of everything that listens', () => {
    expect(each.filter(([, { healthcheck }]) => !healthcheck)).toEqual([]);
  });

  it('holds no secret: each comes from a file of the git-ignored directory', () => {
    const named = each.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(named.filter((name) => /(PASSWORD|SECRET|_KEY|TOKEN|DATABASE_URL)$/.test(name))).toEqual([
      // The variable of FusionAuth, which has separate ones for user and password.
      'DATABASE_URL',
    ]);
    expect(read('deploy', '.gitignore').split('\n')).toContain('secrets/');
    const files = each.flatMap(([, { env_file: file }]) => (file === undefined ? [] : [basename(file)]));
    expect([...new Set(files)].sort()).toEqual(readdirSync(secrets).sort());
  });

  it('names the ids of the kickstart file', () => {
    const { variables } = JSON.parse(read('deploy', 'kickstart', 'kickstart.json')) as {
      variables: Record<string, string>;
    };
    expect(services['todo-api']?.environment).toMatchObject({
      FUSIONAUTH_TENANT_ID: variables['defaultTenantId'],
      FUSIONAUTH_APPLICATION_ID: variables['applicationId'],
      FUSIONAUTH_PROBE_GROUP_ID: variables['probeGroupId'],
    });
    expect(services['reminder']?.environment).toMatchObject({ CLIENT_ID: variables['applicationId'] });
  });
});

describe('the configuration of the containers', () => {
  it.each(['jwt', 'api-key', 'email-token', 'jwt,api-key,email-token'])(
    'is usable for the Todo API with AUTH_STRATEGY=%s',
    (strategy) => {
      const environment = { ...environmentOf('todo-api'), AUTH_STRATEGY: strategy };
      expect(todoApiProblems(parseConfig(todoApiSchema, environment))).toEqual([]);
      expect(Object.keys(environment).filter((name) => /MANAGER|BOOTSTRAP/.test(name))).toEqual([]);
    },
  );

  it.each(['reminder', 'unsubscribe'])('is usable for the Reminder App (%s)', (service) => {
    const environment = environmentOf(service);
    expect(reminderProblems(parseConfig(schemaFor(environment), environment))).toEqual([]);
  });

  it('starts what the image is built from, on the Node of package.json', () => {
    const built = each.filter(([, { build }]) => build);
    expect(built.map(([name]) => name).sort()).toEqual(['reminder', 'todo-api', 'unsubscribe']);
    for (const [, { command, build }] of built) {
      expect(existsSync(join(root, command![0]!.replace('dist/', '').replace(/\.js$/, '.ts')))).toBe(true);
      expect(existsSync(join(root, build!.dockerfile))).toBe(true);
    }
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
    const bases = [...read('deploy', 'Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([`node:${devDependencies.node}-bookworm-slim`]));
  });
});

describe('node deploy/make-secrets.mjs', () => {
  it('gives FusionAuth a value for every name that the kickstart file takes from the environment', () => {
    const names = [...read('deploy', 'kickstart', 'kickstart.json').matchAll(/#\{ENV\.(\w+)\}/g)];
    const values = valuesOf('fusionauth.env');
    expect(names.length).toBeGreaterThan(8);
    for (const [, name] of names) expect(values[name!]).toMatch(/^[\w-]{43}$/);
  });

  it('gives the database the passwords that its script and the apps’ URLs use', () => {
    const database = valuesOf('database.env');
    const script = read('deploy', 'postgres', '10-databases.sh');
    for (const app of ['todo', 'reminder']) {
      const password = database[`${app.toUpperCase()}_DATABASE_PASSWORD`]!;
      const { DATABASE_URL } = valuesOf(app === 'todo' ? 'todo-api.env' : 'reminder.env');
      expect(DATABASE_URL).toBe(`postgresql://${app}:${password}@database:5432/${app}`);
    }
    expect(script).toContain('for app in todo reminder');
    expect(script).toContain('${app^^}_DATABASE_PASSWORD');
  });

  it('lets only their owner read the files', () => {
    for (const file of readdirSync(secrets)) expect(statSync(join(secrets, file)).mode & 0o777).toBe(0o600);
    expect(statSync(secrets).mode & 0o777).toBe(0o700);
  });

  it('changes nothing when they exist, and says how to start over', () => {
    const before = valuesOf('fusionauth.env');
    const { status, stderr } = spawnSync(process.execPath, [makeSecrets, secrets], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('down --volumes') });
    expect(valuesOf('fusionauth.env')).toEqual(before);
  });
});
