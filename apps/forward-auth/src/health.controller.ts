import { Controller, Get } from '@nestjs/common';
import { Public } from '#gatehouse/auth/nest';
import { ProblemError } from '#gatehouse/platform';
import { Readiness, type Report } from './readiness.js';

@Controller()
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Not ready only before every strategy could verify once: later trouble is answered per request, and may pass any moment. */
  @Get('readyz')
  ready(): Report {
    const report = this.readiness.report();
    if (report.status !== 'starting') return report;
    throw new ProblemError(503, 'not_ready', `Not ready yet: ${report.reasons.join('; ')}.`, {
      headers: { 'Retry-After': '2' },
    });
  }
}
