import { Controller, Get } from '@nestjs/common';
import { Public } from '#gatehouse/auth/nest';
import { Readiness, type Report } from '#gatehouse/http-edge';
import { ProblemError } from '#gatehouse/platform';

@Controller()
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * 503 only until every strategy could verify once: later trouble is answered per request, and may pass at any
   * moment.
   */
  @Get('readyz')
  async ready(): Promise<Report> {
    const report = await this.readiness.report();
    if (report.status !== 'starting') return report;
    throw new ProblemError(503, 'not_ready', `Not ready: ${report.reasons.join('; ')}.`, {
      headers: { 'Retry-After': '2' },
    });
  }
}
