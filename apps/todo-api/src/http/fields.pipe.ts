import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { type FieldProblem, ProblemError } from '#gatehouse/platform';

type Place = ArgumentMetadata['type'];

/** Validates a handler's arguments against their zod schemas; every invalid field is reported with its path. */
export class FieldsPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (!schema) return value;
    const result = (schema as z.ZodType).safeParse(value);
    if (result.success) return result.data;
    const problems = result.error.issues.flatMap((issue) => fieldProblems(issue, type));
    // Only the first problem of a field; the others may be consequences and would confuse.
    throw invalidFields(
      problems.filter(({ path }, index) => problems.findIndex((one) => one.path === path) === index),
    );
  }
}

/** Returns a 400 with the invalid fields. */
export const invalidFields = (errors: readonly FieldProblem[]): ProblemError =>
  new ProblemError(400, 'invalid_request', 'The request has invalid fields; "errors" names each of them.', {
    errors,
  });

function fieldProblems(issue: z.core.$ZodIssue, place: Place): FieldProblem[] {
  const at = (...path: PropertyKey[]) => [place, ...issue.path, ...path].map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: at(key), message: 'is not a field of this request' }));

  return [{ path: at(), message: issue.message }];
}
