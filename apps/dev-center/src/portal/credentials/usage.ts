import { join } from 'node:path';
import { Eta } from 'eta';
import { strategies } from '#gatehouse/auth';
import { type IssuerName, issuers } from '../../issuers/index.js';
import type { HandOver, Use } from '../../issuers/issuer.js';
import { shellLines } from '../../issuers/shell-lines.js';

// The texts are programs, which HTML escapes would break; the page that shows them escapes them.
const eta = new Eta({ views: join(import.meta.dirname, 'templates'), cache: true, autoEscape: false });

export interface Places {
  readonly todoApiUrl: string;
  readonly fusionauthUrl: string;
  /** The endpoint where access tokens are obtained. */
  readonly tokenUrl: string;
}

/** Returns the texts that a developer copies: the environment of a client, a request with curl, and one in a program. */
export interface Usage {
  readonly environment: string;
  readonly curl: string;
  readonly snippet: string;
}

/**
 * Returns the texts. The names are those of the Reminder App's settings, so the environment also works for a Reminder
 * App.
 */
export function usageOf(strategy: IssuerName, { settings, secret }: HandOver, places: Places): Usage {
  const variables = {
    TODO_API_URL: places.todoApiUrl,
    FUSIONAUTH_URL: places.fusionauthUrl,
    ...settings,
    [secret.name]: secret.value.reveal(),
  };
  const todos = `${places.todoApiUrl}/todos`;
  const { use, strategy: guard } = issuers[strategy];
  const { variable, obtain } = use;
  const { curl } = strategies[guard].presentation;
  const token = obtain && tokenByCurl(obtain, places.tokenUrl);
  return {
    environment: shellLines(variables),
    curl: [...(token ? [token] : []), `curl ${todos} ${curl(variable)}`].join('\n'),
    snippet: snippetOf(use, todos, places.tokenUrl),
  };
}

type Form = Readonly<Record<string, string>>;

function tokenByCurl(form: Form, tokenUrl: string): string {
  const fields = Object.entries(form).map(([name, value]) => `  -d "${name}=${value}"`);
  const read = `node -p 'JSON.parse(require("fs").readFileSync(0)).access_token'`;
  return [`TOKEN=$(curl -s ${tokenUrl}`, ...fields, `  | ${read})`].join(' \\\n');
}

const snippetOf = ({ obtain, headers, note }: Use, todos: string, tokenUrl: string): string => {
  const form = obtain && Object.entries(obtain).map(([name, value]) => [name, asScript(value)]);
  return eta.render('./request', { form, headers, note, todos, tokenUrl }).trimEnd();
};

/** Converts `$NAME` of a shell to a JavaScript expression. */
const asScript = (value: string): string =>
  value.startsWith('$')
    ? `env.${value.slice(1)}`
    : value.includes('$')
      ? `\`${value.replace(/\$(\w+)/, '${env.$1}')}\``
      : `'${value}'`;
