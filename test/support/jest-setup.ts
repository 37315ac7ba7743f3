import 'reflect-metadata';

// jwks-rsa requires jose synchronously; loading it here first keeps Jest from seeing a require() cycle.
await import('jose');
