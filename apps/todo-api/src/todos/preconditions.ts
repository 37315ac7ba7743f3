import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The fields of a request that make it depend on the state of a todo. Dates are ignored: no answer has Last-Modified. */
export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** What handlers of a todo take, by header name; for the API description. */
export const preconditionHeaders = {
  'If-Match': 'ETag of the todo as you read it, or *; 412 when it has changed since',
  'If-None-Match':
    'ETags, or *: a todo in that state is answered 304 when read, and 412 when it would be changed',
};

/** Hands the preconditions to a handler parameter. */
export const Conditions = createParamDecorator((_data: unknown, context: ExecutionContext): Preconditions => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
});

/** `changed`, `weakened`: If-Match does not hold; `unchanged`: If-None-Match does not. */
export type Judgement = 'met' | 'changed' | 'weakened' | 'unchanged';

/**
 * Judges the preconditions by the strong entity tag of what is there, in the order of RFC 9110 section 13.2.2. If-Match
 * compares strongly, so that a weak tag never matches (section 13.1.1), If-None-Match weakly (section 13.1.2).
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

/** Whether what is there decides; `If-Match: *` asks for no more than that something is. */
export const dependsOnState = ({ ifMatch, ifNoneMatch }: Preconditions): boolean =>
  ifNoneMatch !== undefined || (ifMatch !== undefined && !isAny(ifMatch));

const isAny = (field: string): boolean => field.trim() === '*';

/** The entity tags of a list (RFC 9110 section 8.8.3); a comma may be part of one. Any other text matches nothing. */
const tagsOf = (field: string): string[] =>
  (field.match(/(?:[^",]|"[^"]*"?)+/g) ?? [])
    .map((element) => element.trim())
    .filter((element) => /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(element));
