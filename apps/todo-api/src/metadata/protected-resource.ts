import { z } from 'zod';

export const metadataPath = '/.well-known/oauth-protected-resource';

/** RFC 9728 section 2. */
export const protectedResourceSchema = z.object({
  resource: z.string(),
  resource_name: z.string(),
  authorization_servers: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
});

/** This API as clients address it, known once it listens, and the authorization server that issues for it. */
export class ProtectedResource {
  /** Absolute, without a trailing slash. */
  url: string | undefined;

  constructor(
    publicUrl: string | undefined,
    private readonly authorizationServer: string,
    /** Where tokens are looked for; a cookie is no bearer method of the RFC. */
    private readonly tokenLocations: readonly string[],
  ) {
    this.url = publicUrl;
  }

  /** What challenges point to, so that a refused client finds its way. */
  get metadataUrl(): string | undefined {
    return this.url === undefined ? undefined : `${this.url}${metadataPath}`;
  }

  describe(): z.output<typeof protectedResourceSchema> {
    return {
      resource: this.url ?? '',
      resource_name: 'Todo API',
      authorization_servers: [this.authorizationServer],
      bearer_methods_supported: this.tokenLocations.filter((place) => place === 'header'),
    };
  }
}
