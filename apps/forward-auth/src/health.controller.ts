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

  /** Not ready only before every strategy could verify once: later trouble is answered per request, and may pass any moment. */
  @Get('readyz')
  async ready(): Promise<Report> {
    const report = await this.readiness.report();
    if (report.status !== 'starting') return report;
    throw new ProblemError(503, 'not_ready', `Not ready yet: ${report.reasons.join('; ')}.`, {
      headers: { 'Retry-After': '2' },
    });
  }
}
