import { z } from 'zod';
import type { PublicAddress } from '../http/public-address.js';

export const metadataPath = '/.well-known/oauth-protected-resource';

/** The metadata of RFC 9728 section 2. */
export const protectedResourceSchema = z.object({
  resource: z.string(),
  resource_name: z.string(),
  authorization_servers: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
});

/** Describes this API as clients address it, and its authorization server. */
export class ProtectedResource {
  constructor(
    private readonly address: Pick<PublicAddress, 'url' | 'prefix'>,
    private readonly authorizationServer: () => string,
    /** Where tokens are read from; a cookie is not a bearer method of the RFC. */
    private readonly tokenLocations: readonly string[],
  ) {}

  /**
   * The path of the metadata. The well-known path goes between the host and the path of the resource (RFC 9728
   * section 3.1).
   */
  get metadataPath(): string {
    return `${metadataPath}${this.address.prefix}`;
  }

  /** The URL in challenges, with which a refused client finds the metadata; undefined until the API listens. */
  get metadataUrl(): string | undefined {
    const { url } = this.address;
    return url === undefined ? undefined : `${new URL(url).origin}${this.metadataPath}`;
  }

  /** Returns the metadata. Clients compare `resource` with the URL that led them here (RFC 9728 section 3.3). */
  describe(): z.output<typeof protectedResourceSchema> {
    return {
      resource: this.address.url ?? '',
      resource_name: 'Todo API',
      authorization_servers: [this.authorizationServer()],
      bearer_methods_supported: this.tokenLocations.filter((place) => place === 'header'),
    };
  }
}
