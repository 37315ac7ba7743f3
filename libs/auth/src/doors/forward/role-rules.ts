import { readHost } from './host.js';

/** One rule: which roles may use a method below a path. */
export interface RoleRule {
  /** `*` for every method. */
  readonly method: string;
  /** In lower case; undefined for every host that the rules name. */
  readonly host?: string | undefined;
  /** Segments in lower case; empty for every path. */
  readonly prefix: readonly string[];
  /** The roles: the caller needs one of them. Undefined if any accepted credential is enough. */
  readonly roles: readonly string[] | undefined;
}

const form = /^(\*|[A-Z]+(?:-[A-Z]+)*) +([\w.:-]*)(\/[\w.~/-]*) +(\*|[^\s,]+(?:,[^\s,]+)*)$/;

/** The request that a rule is matched against. */
export interface Ruled {
  readonly method: string;
  /** Percent-decoded segments. */
  readonly path: readonly string[];
  /** As {@link readHost} returns it; undefined where no rule names a host. */
  readonly host?: string | undefined;
}

/**
 * Reads rules such as `GET /todos todo-reader,todo-auditor` or `GET orders.example.com/ clerk`, separated by line
 * breaks or semicolons. Throws an Error that says what is wrong with which rule.
 */
export function readRoleRules(text: string): readonly RoleRule[] {
  const lines = text
    .split(/[;\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const rules = lines.map(readRule);
  rules.forEach((rule, index) => {
    const earlier = rules.slice(0, index).findIndex((other) => covers(other, rule));
    if (earlier !== -1) {
      throw new Error(
        `"${lines[index] ?? ''}" is never used: "${lines[earlier] ?? ''}" comes first and covers it`,
      );
    }
  });
  return rules;
}

function readRule(line: string): RoleRule {
  const [, method = '', name = '', path = '', roles = ''] = form.exec(line) ?? [];
  if (method === '') throw new Error(`"${line}" must read: METHOD /prefix role,role (* for any)`);
  return {
    method,
    host: name === '' ? undefined : readName(name, line),
    prefix: readPrefix(path, line),
    roles: roles === '*' ? undefined : roles.split(','),
  };
}

function readName(name: string, line: string): string {
  const host = readHost(name);
  if (host === undefined || host !== name.toLowerCase())
    throw new Error(`"${line}" must name its host without a port and without a dot at the end`);
  return host;
}

function readPrefix(path: string, line: string): readonly string[] {
  const segments = path === '/' ? [] : path.slice(1).replace(/\/$/, '').split('/');
  if (segments.some((segment) => ['', '.', '..'].includes(segment)))
    throw new Error(`"${line}" has an empty or a dot segment in its path`);
  return segments.map((segment) => segment.toLowerCase());
}

const covers = (one: RoleRule, other: RoleRule): boolean =>
  (one.host === undefined || one.host === other.host) &&
  answersTo(one, other.method) &&
  startsWith(other.prefix, one.prefix);

/** Treats HEAD as GET, which it is without the content (RFC 9110 section 9.3.2). */
const answersTo = ({ method }: RoleRule, asked: string): boolean =>
  method === '*' || method === asked || (method === 'GET' && asked === 'HEAD');

const startsWith = (path: readonly string[], prefix: readonly string[]): boolean =>
  prefix.every((segment, index) => path[index]?.toLowerCase() === segment);

export const nameHosts = (rules: readonly RoleRule[]): boolean =>
  rules.some(({ host }) => host !== undefined);

/**
 * Returns the first rule that covers the request; undefined if none does. A prefix covers whole segments,
 * case-insensitively, because some APIs route `/Admin` to `/admin`, which a rule for other paths must not open. Where
 * rules name hosts, none covers a host that no rule names.
 */
export function ruleFor(rules: readonly RoleRule[], { method, path, host }: Ruled): RoleRule | undefined {
  if (nameHosts(rules) && !rules.some((rule) => rule.host === host)) return undefined;
  return rules.find(
    (rule) =>
      (rule.host === undefined || rule.host === host) &&
      answersTo(rule, method) &&
      startsWith(path, rule.prefix),
  );
}
