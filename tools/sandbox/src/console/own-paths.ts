/**
 * Whether a request is for the sandbox itself, its page or its controls, and not for the FusionAuth that it stands in for.
 * Such requests are neither counted nor struck by faults, and CORS opens none of them.
 */
export function isForTheSandbox(url: string): boolean {
  const [path = ''] = url.split('?');
  return path === '/' || path === '/_sandbox' || path.startsWith('/_sandbox/');
}
