import { Controller, Get, type Type } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { z } from 'zod';
import { Answers, Open } from '../http/answers.js';
import { metadataPath, ProtectedResource, protectedResourceSchema } from './protected-resource.js';

@Controller(metadataPath)
@Open()
export class ProtectedResourceController {
  constructor(private readonly resource: ProtectedResource) {}

  @Get()
  @Answers(200, protectedResourceSchema, { summary: 'Who issues credentials for this API (RFC 9728)' })
  metadata(): z.output<typeof protectedResourceSchema> {
    return this.resource.describe();
  }
}

/**
 * Returns a controller for the same metadata at `path`, for a resource behind a prefix: its metadata is outside the
 * prefix (RFC 9728 section 3.1), where a proxy forwards it unchanged.
 */
export function metadataController(path: string): Type {
  @Controller(path)
  @ApiExcludeController()
  @Open()
  class InsertedMetadata extends ProtectedResourceController {}
  return InsertedMetadata;
}
