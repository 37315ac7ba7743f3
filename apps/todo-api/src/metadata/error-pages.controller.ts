import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ProblemError, shipped } from '#gatehouse/platform';
import { Open } from '../http/answers.js';

/**
 * Serves the page that the `type` of a problem links to (RFC 9457 section 3.1.1): the page of its code under
 * docs/errors.
 */
@Controller('docs/errors')
@ApiExcludeController()
@Open()
export class ErrorPagesController {
  readonly #pages = readPages();

  @Get(':code')
  @Header('Content-Type', 'text/markdown; charset=utf-8')
  page(@Param('code') code: string): string {
    const page = this.#pages.get(code);
    if (page === undefined) throw new ProblemError(404, 'not_found', 'There is no such error code.');
    return page;
  }
}

/** Reads the pages once, at start, so that a request names a code and never a file. */
function readPages(): ReadonlyMap<string, string> {
  const directory = shipped('docs/errors');
  const files = readdirSync(directory).filter((name) => name.endsWith('.md'));
  return new Map(files.map((name) => [name.slice(0, -3), readFileSync(join(directory, name), 'utf8')]));
}
