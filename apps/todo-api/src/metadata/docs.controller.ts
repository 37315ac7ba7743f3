import { Controller, Get } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, Open } from '../http/answers.js';

const descriptionSchema = z.looseObject({ openapi: z.string(), paths: z.looseObject({}) });

/** Holds the API's description, which can be created only when all routes are known. */
export class ApiDescription {
  document: OpenAPIObject | undefined;
}

@Controller('openapi.json')
@Open()
export class DocsController {
  constructor(private readonly description: ApiDescription) {}

  @Get()
  @Answers(200, descriptionSchema, { summary: 'This description' })
  openApi(): z.output<typeof descriptionSchema> {
    return { openapi: '3.1.0', paths: {}, ...this.description.document };
  }
}
