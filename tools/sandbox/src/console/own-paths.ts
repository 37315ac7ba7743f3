/**
 * Returns whether a request is for the sandbox itself (its page or its controls) and not for FusionAuth's API. Such
 * requests are not logged, faults do not affect them, and CORS settings do not open them.
 */
export function isForTheSandbox(url: string): boolean {
  const [path = ''] = url.split('?');
  return path === '/' || path === '/_sandbox' || path.startsWith('/_sandbox/');
}
