import { subscribe } from 'node:diagnostics_channel';

/** Counts the requests that undici begins in this process, whether or not anybody listens on the other side. */
export function countCalls(): () => number {
  let calls = 0;
  subscribe('undici:request:create', () => (calls += 1));
  return () => calls;
}
