import { isWildcard } from '#gatehouse/platform';

/**
 * The address at which clients reach this API. It differs from the listening address if a proxy strips a path prefix,
 * so every link in a response is created here.
 */
export class PublicAddress {
  #listening: string | undefined;

  /** `configured` is PUBLIC_URL: absolute, without a trailing slash. */
  constructor(private readonly configured: string | undefined) {}

  /** Sets the listening address, used if none is configured. */
  listensAt(url: string): void {
    this.#listening = url;
  }

  /** The absolute URL without a trailing slash; undefined until the API listens. */
  get url(): string | undefined {
    return this.configured ?? this.#listening;
  }

  /** The path of PUBLIC_URL, such as `/api`; empty if there is none. */
  get prefix(): string {
    return this.configured === undefined ? '' : new URL(this.configured).pathname.replace(/\/$/, '');
  }

  /**
   * Returns a link to `path` of this API. Without PUBLIC_URL it is relative, which works for every host and port at
   * which the API is called, but not behind a prefix.
   */
  readonly link = (path: string): string => `${this.configured ?? ''}${path}`;

  /** Returns the URL at which the code of a problem is documented. */
  readonly problemType = (code: string): string => this.link(`/docs/errors/${code}`);
}

interface AddressConfig {
  readonly HOST: string;
  readonly PUBLIC_URL?: string | undefined;
  readonly NODE_ENV: string;
}

/** Returns warnings about the address for the operator, a sentence each. */
export const addressNotes = ({ HOST, PUBLIC_URL, NODE_ENV }: AddressConfig): readonly string[] =>
  NODE_ENV === 'production' && isWildcard(HOST) && PUBLIC_URL === undefined
    ? [
        `PUBLIC_URL is not set and HOST is ${HOST}: challenges point clients to 127.0.0.1 for the metadata. Set PUBLIC_URL to the URL that clients use.`,
      ]
    : [];
