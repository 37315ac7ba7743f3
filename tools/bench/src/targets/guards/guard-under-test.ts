import type { DynamicModule, Type } from '@nestjs/common';

export interface GuardSettings {
  readonly guard: 'gatehouse' | 'passport' | 'naive';
  /** Of the stand-in for FusionAuth. */
  readonly fusionAuthUrl: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly issuer: string;
  /** What the guard under test is configured with beyond that. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A guard as an application would import it, and a controller whose route `guarded` it protects. */
export interface GuardUnderTest {
  readonly module: DynamicModule;
  readonly controller: Type;
  /** Calls to FusionAuth begun since the start. */
  readonly calls: () => number;
}
