import { endpointOf, type Method, type Operation, templatesOf } from './operation.js';

/** A path that FusionAuth has, and a method. */
export interface PathAndMethod {
  readonly method: Method;
  /** In Fastify's notation. */
  readonly path: string;
}

/**
 * The operations that FusionAuth 1.69.0 documents and the sandbox lacks, by path: those of its OpenAPI document
 * (copyright FusionAuth, Apache License 2.0, `LICENSE` at the root of this repository) and three that only its table of
 * API key permissions has.
 */
const table: Readonly<Record<string, string>> = {
  '/api/email/send/:emailTemplateId': 'POST',
  '/api/email/template/preview': 'POST',
  '/api/entity/:entityId/grant': 'PUT',
  '/api/entity/grant/search': 'POST',
  '/api/identity-provider/link': 'DELETE GET POST',
  '/api/identity-provider/link/pending/:pendingLinkId': 'GET',
  '/api/identity-provider/login': 'POST',
  '/api/identity-provider/lookup': 'GET',
  '/api/identity-provider/start': 'POST',
  '/api/identity-provider/test': 'GET POST',
  '/api/identity/verify': 'POST',
  '/api/identity/verify/complete': 'POST',
  '/api/identity/verify/send': 'POST',
  '/api/identity/verify/start': 'POST',
  '/api/jwt/issue': 'GET',
  '/api/jwt/reconcile': 'POST',
  '/api/jwt/vend': 'POST',
  '/api/key/import': 'POST',
  '/api/key/import/:keyId': 'POST',
  '/api/login': 'PUT',
  '/api/login/:userId/:applicationId': 'PUT',
  '/api/message/template/preview': 'POST',
  '/api/passwordless/login': 'POST',
  '/api/passwordless/send': 'POST',
  '/api/passwordless/start': 'POST',
  '/api/reactor': 'POST',
  '/api/reactor/metrics': 'GET',
  '/api/report/daily-active-user': 'GET',
  '/api/report/login': 'GET',
  '/api/report/monthly-active-user': 'GET',
  '/api/report/registration': 'GET',
  '/api/report/totals': 'GET',
  '/api/system-configuration': 'POST',
  '/api/system/audit-log': 'POST',
  '/api/system/audit-log/:auditLogId': 'GET',
  '/api/system/audit-log/search': 'POST',
  '/api/system/event-log/:eventLogId': 'GET',
  '/api/system/event-log/search': 'POST',
  '/api/system/reindex': 'POST',
  '/api/tenant-manager': 'PATCH PUT',
  '/api/tenant-manager/identity-provider/:type': 'DELETE PATCH POST PUT',
  '/api/tenant/password-validation-rules': 'GET',
  '/api/tenant/password-validation-rules/:tenantId': 'GET',
  '/api/two-factor/login': 'POST',
  '/api/two-factor/secret': 'GET',
  '/api/two-factor/send': 'POST',
  '/api/two-factor/send/:twoFactorId': 'POST',
  '/api/two-factor/start': 'POST',
  '/api/two-factor/status': 'POST',
  '/api/two-factor/status/:twoFactorTrustId': 'GET',
  '/api/user/bulk': 'DELETE',
  '/api/user/change-password': 'GET POST',
  '/api/user/change-password/:changePasswordId': 'GET POST',
  '/api/user/comment': 'POST',
  '/api/user/comment/:userId': 'GET',
  '/api/user/comment/search': 'POST',
  '/api/user/consent': 'GET POST',
  '/api/user/consent/:userConsentId': 'DELETE GET PATCH POST PUT',
  '/api/user/family/pending': 'GET',
  '/api/user/family/request': 'POST',
  '/api/user/forgot-password': 'POST',
  '/api/user/recent-login': 'GET',
  '/api/user/refresh-token/import': 'POST',
  '/api/user/search': 'PUT',
  '/api/user/two-factor/:userId': 'DELETE POST PUT',
  '/api/user/two-factor/recovery-code/:userId': 'GET POST',
  '/api/user/verify-email': 'POST PUT',
  '/api/user/verify-registration': 'POST PUT',
  '/api/webauthn': 'DELETE GET',
  '/api/webauthn/:id': 'DELETE GET',
  '/api/webauthn/assert': 'POST',
  '/api/webauthn/import': 'POST',
  '/api/webauthn/login': 'POST',
  '/api/webauthn/register/complete': 'POST',
  '/api/webauthn/register/start': 'POST',
  '/api/webauthn/start': 'POST',
  '/oauth2/device/user-code': 'GET',
};

/**
 * The same as a list. Each needs a route: otherwise a fixed part of its path, `bulk` in `/api/user/bulk` for example,
 * would be parsed as an id of another operation.
 */
export const lackingOperations: readonly PathAndMethod[] = Object.entries(table).flatMap(([path, methods]) =>
  (methods.split(' ') as Method[]).map((method) => ({ method, path })),
);

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Returns the methods that FusionAuth has at no path of an implemented endpoint, with or without ids. It answers them
 * with 405 and an empty body (API Overview, Status Codes).
 */
export function wrongMethods(implemented: readonly Operation[]): PathAndMethod[] {
  const known = new Set(
    [...implemented, ...lackingOperations].map(({ method, path }) => `${method} ${endpointOf(path)}`),
  );
  const paths = new Map(
    implemented.flatMap(({ path }) => templatesOf(path).map((one) => [shape(one), one] as const)),
  );
  return [...paths.values()].flatMap((path) =>
    methods
      .filter((method) => !known.has(`${method} ${endpointOf(path)}`))
      .map((method) => ({ method, path })),
  );
}

/** Returns the path with the names of its parameters removed. */
const shape = (path: string): string => path.replaceAll(/:\w+/g, ':');
