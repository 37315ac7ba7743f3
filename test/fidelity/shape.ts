/** The JSON types found at each path of a body: `user.registrations[].roles[]` is `string`. */
export type Shape = ReadonlyMap<string, string>;

/**
 * Returns whether a name is data: an id, a path of the API or of a field. Such names become `{key}`, so that two maps
 * can have the same shape.
 */
const isDataName = (name: string) => /^[\da-f]{8}-[\da-f-]{27}$|[/.]/.test(name);

/** Returns the shape of a body. Null members count as missing, because FusionAuth omits them. */
export function shapeOf(body: unknown): Shape {
  const shape = new Map<string, string>();
  const visit = (value: unknown, path: string) => {
    if (value === undefined || value === null) return;
    shape.set(path, typeOf(value));
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) visit(item, `${path}[]`);
    } else if (typeof value === 'object') {
      for (const [name, inner] of Object.entries(value))
        visit(inner, join(path, isDataName(name) ? '{key}' : name));
    }
  };
  visit(body, '');
  return shape;
}

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
