import {
  type DynamicModule,
  Module,
  type Provider,
  StandardSchemaSerializerInterceptor,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import type { Authenticator } from '#gatehouse/auth';
import { AuthModule } from '#gatehouse/auth/nest';
import { Readiness } from '#gatehouse/http-edge';
import type { Clock, Logger } from '#gatehouse/platform';
import { type LastUsed, TodoStore } from '#gatehouse/todo-database';
import { CLOCK } from './clock.js';
import type { TodoApiConfig } from './config.js';
import { HealthController } from './health/health.controller.js';
import { FieldsPipe } from './http/fields.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import { PublicAddress } from './http/public-address.js';
import type { Routes } from './http/routes.js';
import { ApiDescription, DocsController } from './metadata/docs.controller.js';
import { ErrorPagesController } from './metadata/error-pages.controller.js';
import { metadataController, ProtectedResourceController } from './metadata/protected-resource.controller.js';
import { metadataPath, ProtectedResource } from './metadata/protected-resource.js';
import { RootController } from './metadata/root.controller.js';
import { MeController } from './owners/me.controller.js';
import { OwnerRepository } from './owners/owner.repository.js';
import { OwnerResolver } from './owners/owner.resolver.js';
import { IdempotencyRepository } from './todos/idempotency.repository.js';
import { TodoRepository } from './todos/todo.repository.js';
import { TodoPageRepository } from './todos/todo-page.repository.js';
import { TodosController } from './todos/todos.controller.js';
import { TodosService } from './todos/todos.service.js';

/**
 * The parts that the app is assembled from; created outside, because they outlive the module or need the
 * configuration.
 */
export interface AppParts {
  readonly authenticator: Authenticator;
  readonly store: TodoStore;
  readonly readiness: Readiness;
  readonly address: PublicAddress;
  readonly resource: ProtectedResource;
  readonly description: ApiDescription;
  readonly routes: Routes;
  readonly config: Pick<TodoApiConfig, 'DOCS' | 'ALLOWED_ORIGINS' | 'TRUSTED_PROXIES'>;
  readonly lastUsed: Pick<LastUsed, 'note'>;
  readonly clock: Clock;
  readonly log: Logger;
}

@Module({})
export class AppModule {
  static register(parts: AppParts): DynamicModule {
    const { authenticator, store, readiness, address, resource, description, config, clock } = parts;
    return {
      module: AppModule,
      imports: [AuthModule.register(authenticator)],
      controllers: [
        TodosController,
        MeController,
        HealthController,
        ProtectedResourceController,
        ...(resource.metadataPath === metadataPath ? [] : [metadataController(resource.metadataPath)]),
        RootController,
        ErrorPagesController,
        ...(config.DOCS ? [DocsController] : []),
      ],
      providers: [
        { provide: TodoStore, useValue: store },
        { provide: Readiness, useValue: readiness },
        { provide: PublicAddress, useValue: address },
        { provide: ProtectedResource, useValue: resource },
        { provide: ApiDescription, useValue: description },
        { provide: CLOCK, useValue: clock },
        OwnerRepository,
        OwnerResolver,
        TodoRepository,
        TodoPageRepository,
        IdempotencyRepository,
        TodosService,
        ...edge(parts),
      ],
    };
  }
}

/** Providers that every request passes through. */
const edge = ({ address, routes, log }: AppParts): Provider[] => [
  { provide: APP_PIPE, useClass: FieldsPipe },
  { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
  {
    provide: APP_FILTER,
    inject: [HttpAdapterHost],
    useFactory: (host: HttpAdapterHost) =>
      new ProblemFilter(host, { problemType: address.problemType, routes, log }),
  },
];
