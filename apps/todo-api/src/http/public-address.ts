import { isWildcard } from '#gatehouse/platform';

/**
 * The address at which clients reach this API. It differs from where the API listens when a proxy in front strips a path
 * prefix, so every link in an answer is made here.
 */
export class PublicAddress {
  #listening: string | undefined;

  /** `configured` is PUBLIC_URL: absolute, without a trailing slash. */
  constructor(private readonly configured: string | undefined) {}

  /** Sets the address for want of a configured one, once it is known. */
  listensAt(url: string): void {
    this.#listening = url;
  }

  /** Absolute, without a trailing slash; undefined until the API listens. */
  get url(): string | undefined {
    return this.configured ?? this.#listening;
  }

  /** The path of PUBLIC_URL, `/api` for example; empty when there is none. */
  get prefix(): string {
    return this.configured === undefined ? '' : new URL(this.configured).pathname.replace(/\/$/, '');
  }

  /**
   * A link to `path` of this API. Without PUBLIC_URL it stays relative, which is right for every name and port under which
   * the API is called, and wrong only behind a prefix.
   */
  readonly link = (path: string): string => `${this.configured ?? ''}${path}`;

  /** Where the code of a problem is documented. */
  readonly problemType = (code: string): string => this.link(`/docs/errors/${code}`);
}

interface AddressConfig {
  readonly HOST: string;
  readonly PUBLIC_URL?: string | undefined;
  readonly NODE_ENV: string;
}

/** What an operator should know of the address, a sentence each. */
export const addressNotes = ({ HOST, PUBLIC_URL, NODE_ENV }: AddressConfig): readonly string[] =>
  NODE_ENV === 'production' && isWildcard(HOST) && PUBLIC_URL === undefined
    ? [
        `PUBLIC_URL is not set and HOST is ${HOST}: challenges point clients to 127.0.0.1 for the metadata. Set PUBLIC_URL to the URL that clients use.`,
      ]
    : [];
