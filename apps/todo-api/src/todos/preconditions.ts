import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/**
 * The header fields that make a request depend on the state of a todo. Dates are ignored: no response has
 * Last-Modified.
 */
export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** The headers that handlers of a todo accept, by name; for the API description. */
export const preconditionHeaders = {
  'If-Match': 'ETag of the todo as you read it, or *; 412 if it has changed since',
  'If-None-Match': 'ETags, or *: for a todo in that state a read gets 304, and a change gets 412',
};

/** Injects the preconditions into a handler parameter. */
export const Conditions = createParamDecorator((_data: unknown, context: ExecutionContext): Preconditions => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
});

/** `changed`, `weakened`: If-Match is not met; `unchanged`: If-None-Match is not met. */
export type Judgement = 'met' | 'changed' | 'weakened' | 'unchanged';

/**
 * Judges the preconditions against the strong entity tag of the current todo, in the order of RFC 9110 section
 * 13.2.2. If-Match uses strong comparison, so that a weak tag never matches (section 13.1.1), If-None-Match weak
 * comparison (section 13.1.2).
 */
export function judge({ ifMatch, ifNoneMatch }: Preconditions, current: string): Judgement {
  if (ifMatch !== undefined && !isAny(ifMatch)) {
    const tags = tagsOf(ifMatch);
    if (!tags.includes(current)) return tags.includes(`W/${current}`) ? 'weakened' : 'changed';
  }
  if (ifNoneMatch === undefined) return 'met';
  const known = isAny(ifNoneMatch) || tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === current);
  return known ? 'unchanged' : 'met';
}

/** Tells whether the result depends on the todo's state; `If-Match: *` only requires that the todo exists. */
export const dependsOnState = ({ ifMatch, ifNoneMatch }: Preconditions): boolean =>
  ifNoneMatch !== undefined || (ifMatch !== undefined && !isAny(ifMatch));

const isAny = (field: string): boolean => field.trim() === '*';

/** Parses a list of entity tags (RFC 9110 section 8.8.3); a tag may contain a comma. Other text equals no tag. */
const tagsOf = (field: string): string[] =>
  (field.match(/(?:[^",]|"[^"]*"?)+/g) ?? []).map((element) => element.trim());
