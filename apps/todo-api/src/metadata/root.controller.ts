import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Eta } from 'eta';
import { Open } from '../http/answers.js';
import { PublicAddress } from '../http/public-address.js';
import { ApiDescription } from './docs.controller.js';
import { ProtectedResource } from './protected-resource.js';

const eta = new Eta({ views: join(import.meta.dirname, 'templates'), cache: true });

/** The page for a person who opens the API's address in a browser: what this is, and where its documentation is. */
@Controller()
@ApiExcludeController()
@Open()
export class RootController {
  constructor(
    private readonly address: PublicAddress,
    private readonly resource: ProtectedResource,
    private readonly description: ApiDescription,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return eta.render('./root', {
      link: this.address.link,
      docs: this.description.document !== undefined,
      metadataPath: this.resource.metadataPath,
    });
  }
}
