import type { Comparison } from './compare.js';

/** Renders the comparison as text: a line for each request, and its differences below it. */
export function report(comparisons: readonly Comparison[]): string {
  const wide = Math.max(...comparisons.map(({ title }) => title.length));
  const lines = comparisons.flatMap(({ title, operation, real, sandbox, differences, leftOut }) => [
    `${differences.length > 0 ? '!' : '='} ${title.padEnd(wide)}  ${real}  ${sandbox}`,
    ...(differences.length > 0 ? [`    ${operation}`] : []),
    ...differences.map((difference) => `    ! ${difference}`),
    ...leftOut.map((path) => `    - left out by the sandbox: ${path}`),
  ]);
  const differing = comparisons.filter(({ differences }) => differences.length > 0).length;
  return [
    `  ${''.padEnd(wide)}  real sandbox`,
    ...lines,
    `${comparisons.length} requests, ${differing} answered differently.`,
    '',
  ].join('\n');
}
