import { z } from 'zod';
import type { PublicAddress } from '../http/public-address.js';

export const metadataPath = '/.well-known/oauth-protected-resource';

/** RFC 9728 section 2. */
export const protectedResourceSchema = z.object({
  resource: z.string(),
  resource_name: z.string(),
  authorization_servers: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
});

/** This API as clients address it, and the authorization server that issues for it. */
export class ProtectedResource {
  constructor(
    private readonly address: Pick<PublicAddress, 'url' | 'prefix'>,
    private readonly authorizationServer: () => string,
    /** Where tokens are looked for; a cookie is no bearer method of the RFC. */
    private readonly tokenLocations: readonly string[],
  ) {}

  /** The well-known path goes between the host and the path of the resource (RFC 9728 section 3.1). */
  get metadataPath(): string {
    return `${metadataPath}${this.address.prefix}`;
  }

  /** What challenges point to, so that a refused client finds its way; undefined until the API listens. */
  get metadataUrl(): string | undefined {
    const { url } = this.address;
    return url === undefined ? undefined : `${new URL(url).origin}${this.metadataPath}`;
  }

  /** Clients compare `resource` with the URL that led them here (RFC 9728 section 3.3). */
  describe(): z.output<typeof protectedResourceSchema> {
    return {
      resource: this.address.url ?? '',
      resource_name: 'Todo API',
      authorization_servers: [this.authorizationServer()],
      bearer_methods_supported: this.tokenLocations.filter((place) => place === 'header'),
    };
  }
}
