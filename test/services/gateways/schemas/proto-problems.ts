import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The part of protobufjs in use; the package is installed for this test alone. */
interface Field {
  readonly type: string;
  readonly repeated: boolean;
  readonly map: boolean;
  readonly resolvedType: Type | null;
  resolve(): Field;
}
interface Type {
  readonly fullName: string;
  readonly fields?: Readonly<Record<string, Field>>;
  readonly values?: Readonly<Record<string, number>>;
}
interface Root {
  resolvePath: (origin: string, target: string) => string | null;
  loadSync(file: string, options: { keepCase: boolean }): Root;
  lookupType(name: string): Type;
}

type Json = Readonly<Record<string, unknown>>;

/** Types whose JSON form is not a message. */
const scalars = /^\.google\.protobuf\.(?:Duration|Timestamp|Any|Struct|Value|\w+Value)$/;

/**
 * Returns a function that lists the members of a configuration that Envoy's protocol buffers lack: unknown members and
 * types, unknown enumeration values, and lists for single values or the reverse. `directory` has node_modules with
 * @grpc/grpc-js-xds and protobufjs.
 */
export function envoyProblems(directory: string): (configuration: Json) => string[] {
  const modules = join(directory, 'node_modules');
  const { Root } = createRequire(join(directory, 'package.json'))('protobufjs') as { Root: new () => Root };
  const deps = join(modules, '@grpc', 'grpc-js-xds', 'deps');
  const folders = ['envoy-api', 'googleapis', 'protoc-gen-validate', 'xds', 'opencensus-proto/src'];
  const root = new Root();
  const found = (target: string) =>
    folders.map((folder) => join(deps, folder, target)).find((file) => globSync(file).length > 0);
  root.resolvePath = (_origin, target) =>
    found(target) ??
    (target.startsWith('/') ? target : join(dirname(modules), 'node_modules', 'protobufjs', target));
  const load = (file: string) => root.loadSync(join(deps, 'envoy-api', file), { keepCase: true });
  load('envoy/config/bootstrap/v3/bootstrap.proto');

  const typeAt = (url: string): Type => {
    const name = url.replace('type.googleapis.com/', '');
    const folder = join('envoy-api', ...name.split('.').slice(0, -1));
    for (const file of globSync(`${folder}/*.proto`, { cwd: deps }).sort())
      root.loadSync(join(deps, file), { keepCase: true });
    return root.lookupType(name);
  };

  function inMessage(type: Type, value: Json, at: string): string[] {
    return Object.entries(value).flatMap(([name, member]) => {
      if (name === '@type') return [];
      const field = type.fields?.[name]?.resolve();
      if (!field) return [`${at}.${name} is no field of ${type.fullName}`];
      if (field.map) {
        return Object.entries(member as Json).flatMap(([key, one]) =>
          inField(field, one, `${at}.${name}.${key}`),
        );
      }
      if (Array.isArray(member) !== field.repeated)
        return [`${at}.${name} is ${field.repeated ? 'a' : 'no'} list`];
      return [member].flat().flatMap((one) => inField(field, one, `${at}.${name}`));
    });
  }

  function inField(field: Field, value: unknown, at: string): string[] {
    const { resolvedType: type } = field;
    if (!type) return inScalar(field, value, at);
    if (type.values)
      return String(value) in type.values ? [] : [`${at}: ${String(value)} is no ${type.fullName}`];
    const isMessage = typeof value === 'object';
    if (type.fullName === '.google.protobuf.Any') {
      const { '@type': url } = (isMessage ? value : {}) as { '@type'?: string };
      return url === undefined ? [`${at} has no @type`] : inMessage(typeAt(url), value as Json, at);
    }
    if (scalars.test(type.fullName)) return isMessage ? [`${at} is no scalar`] : [];
    return isMessage ? inMessage(type, value as Json, at) : [`${at} is no message`];
  }

  return (configuration) =>
    inMessage(root.lookupType('envoy.config.bootstrap.v3.Bootstrap'), configuration, 'envoy');
}

function inScalar({ type }: Field, value: unknown, at: string): string[] {
  const others: Readonly<Record<string, string>> = { string: 'string', bytes: 'string', bool: 'boolean' };
  const wanted = others[type] ?? 'number';
  return typeof value === wanted ? [] : [`${at} is no ${wanted}`];
}
