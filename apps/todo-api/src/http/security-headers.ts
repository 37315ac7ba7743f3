import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Sets headers for browsers: responses are data that must not be framed, embedded or sniffed; only the API's own docs
 * page runs scripts.
 */
export function secureHeaders(app: NestFastifyApplication, options: { docs: boolean }): void {
  const docsPage = {
    'script-src': "'self'",
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'connect-src': "'self'",
  };
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': "'none'",
        'frame-ancestors': "'none'",
        'base-uri': "'none'",
        'form-action': "'none'",
        ...(options.docs ? docsPage : {}),
      },
    },
    strictTransportSecurity: { includeSubDomains: false },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xFrameOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
}

/** Lets scripts of these origins call with credentials and read the responses (Fetch standard, CORS protocol). */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  app.enableCors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
    // An OPTIONS that is not a preflight gets the empty response of one; the plugin would refuse it in plain text.
    strictPreflight: false,
  });
}
