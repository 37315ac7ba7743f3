/** What an operation answers: an object goes out as JSON, a string as HTML, nothing as an empty body. */
export interface Answer {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** 200 with a JSON body; callers say by `satisfies` which of FusionAuth's bodies it is. */
export const ok = (body: object): Answer => ({ status: 200, body });

/** An empty body, as FusionAuth sends with 401, 404 and successful deletes. */
export const empty = (status: number): Answer => ({ status });

/** 302 to an address that the caller of this function has already checked against the registered ones. */
export const redirect = (url: string): Answer => ({
  status: 302,
  headers: { location: url, 'cache-control': 'no-store' },
});

/** JSON without null fields, as FusionAuth writes it. */
export const toJson = (body: object): string =>
  JSON.stringify(body, (_name, value: unknown) => (value === null ? undefined : value));
