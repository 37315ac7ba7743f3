import { openApi } from './validator.js';

let corrected: ReturnType<typeof openApi> | undefined;

/**
 * Throws unless FusionAuth's OpenAPI document, corrected by the known discrepancies, allows the response. `operation`
 * is method and path, `GET /api/user/42`; `body` is undefined if there is none.
 */
export function expectMatchesOpenApi(operation: string, status: number, body: unknown): void {
  corrected ??= openApi();
  const problems = corrected.problemsOf({ operation, status, body });
  if (problems.length > 0)
    throw new Error(`${operation} answered ${status}, not as documented: ${problems.join('; ')}`);
}
