import { Controller, Get } from '@nestjs/common';
import { createAuthenticator } from '#gatehouse/auth';
import { AuthModule } from '#gatehouse/auth/nest';
import { createLogger, createMetrics } from '#gatehouse/platform';
import { answer } from '../answer.js';
import { countCalls } from './calls.js';
import { configOf } from './config.js';
import type { GuardSettings, GuardUnderTest } from './guard-under-test.js';

/** Closed by the global guard. */
@Controller()
export class GuardedController {
  @Get('guarded')
  guarded() {
    return answer;
  }
}

/** Ours, as the README shows it. */
export function gatehouseGuard(settings: GuardSettings): Promise<GuardUnderTest> {
  const calls = countCalls();
  const parts = { log: createLogger('target', 'warn'), metrics: createMetrics() };
  const authenticator = createAuthenticator(configOf(settings), parts);
  return Promise.resolve({
    module: AuthModule.register(authenticator),
    controller: GuardedController,
    calls,
  });
}
