import { Controller, Get } from '@nestjs/common';
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
