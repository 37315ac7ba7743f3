import type { FuzzAnswer } from './documented.js';
import type { FuzzRequest } from './requests.js';

/** Values of one name that are stored for each caller. */
const maxValues = 6;

type Values = Record<string, string[]>;

/** Values from earlier answers that later requests can use: ids, entity tags, cursors. */
export class Held {
  readonly #own = new Map<number | undefined, Values>();
  #latest: Values = {};

  remember({ who }: FuzzRequest, { headers, body }: FuzzAnswer): void {
    const { etag } = headers;
    const [, id] = /"id":"([0-9a-f-]{36})"/.exec(body) ?? [];
    const [, cursor] = /"nextCursor":"([\w-]+)"/.exec(body) ?? [];
    const values = { ...this.#own.get(who) };
    for (const [name, value] of Object.entries({ id, etag, cursor }))
      if (value !== undefined) values[name] = [value, ...(values[name] ?? [])].slice(0, maxValues);

    this.#own.set(who, values);
    this.#latest = { ...this.#latest, ...values };
  }

  /** Returns the request with a value in each placeholder: mostly the caller's own, sometimes another caller's. */
  fill(request: FuzzRequest): FuzzRequest {
    const filled = (text: string) =>
      text.replace(/~(\w+)\.(\d+)~/g, (_place, name: string, index: string) => {
        const values = (Number(index) === 0 ? this.#latest : this.#own.get(request.who))?.[name] ?? [];
        return values[Number(index) % values.length] ?? 'none-yet';
      });
    const headers = Object.entries(request.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? filled(value) : value,
    ]);
    return { ...request, path: filled(request.path), headers: Object.fromEntries(headers) };
  }
}
