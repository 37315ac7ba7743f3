import { type Shape, shapeOf } from './shape.js';
import type { Exchange } from './step.js';

/** The differences between the sandbox's answer and FusionAuth's. */
export interface Comparison {
  readonly title: string;
  readonly operation: string;
  readonly real: number;
  readonly sandbox: number;
  /** The differences on which a program written against the sandbox would fail. */
  readonly differences: readonly string[];
  /**
   * The members that FusionAuth sends and the sandbox does not: not an error, because the sandbox has only those in
   * use.
   */
  readonly leftOut: readonly string[];
}

/** Compares two conversations step by step: statuses, and shapes of bodies, never values. */
export function compareConversations(real: readonly Exchange[], sandbox: readonly Exchange[]): Comparison[] {
  return real.map((exchange, index) => compare(exchange, sandbox[index]!));
}

function compare(real: Exchange, sandbox: Exchange): Comparison {
  const [theirs, ours] = [shapeOf(real.body), shapeOf(sandbox.body)];
  const status =
    real.status === sandbox.status
      ? []
      : [`the status is ${real.status} at FusionAuth, ${sandbox.status} at the sandbox`];
  return {
    title: real.title,
    operation: real.operation,
    real: real.status,
    sandbox: sandbox.status,
    differences: [...status, ...inventions(theirs, ours)],
    leftOut: [...theirs].filter(([path]) => !ours.has(path)).map(([path, type]) => described(path, type)),
  };
}

function inventions(theirs: Shape, ours: Shape): string[] {
  return [...ours].flatMap(([path, type]) => {
    const known = theirs.get(path);
    if (known === type) return [];
    if (known !== undefined)
      return [`${path || 'the body'} is ${known} at FusionAuth, ${type} at the sandbox`];
    return isUnseen(path, theirs) ? [] : [`only the sandbox sends ${described(path, type)}`];
  });
}

/**
 * Returns whether a path was empty: an empty list, or a map without entries, does not show the shape of its content.
 */
function isUnseen(path: string, theirs: Shape): boolean {
  const containers = [...path.matchAll(/\[\]|\.\{key\}/g)].map(({ index }) => path.slice(0, index));
  return containers.some(
    (container) =>
      theirs.has(container) &&
      ![...theirs.keys()].some(
        (other) => other.startsWith(`${container}[]`) || other.startsWith(`${container}.`),
      ),
  );
}

const described = (path: string, type: string): string => `${path || 'a body'}: ${type}`;
