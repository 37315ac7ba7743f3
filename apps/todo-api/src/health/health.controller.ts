import { Controller, Get } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Readiness } from '#gatehouse/http-edge';
import { ProblemError } from '#gatehouse/platform';
import { Answers, Open } from '../http/answers.js';

const liveSchema = z.object({ status: z.literal('ok') });
const readySchema = z.object({ status: z.enum(['ok', 'degraded']), reasons: z.array(z.string()) });

@Controller()
@Open()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('livez')
  @Answers(200, liveSchema, { summary: 'Whether the process answers' })
  live(): z.output<typeof liveSchema> {
    return { status: 'ok' };
  }

  /**
   * 503 only until everything was available once: later trouble is answered per request, and may pass at any moment.
   */
  @Get('readyz')
  @Answers(200, readySchema, { summary: 'Whether this instance can serve requests, and what is degraded' })
  @ApiResponse({ status: 503, description: 'The instance is still starting' })
  async ready(): Promise<z.output<typeof readySchema>> {
    const { status, reasons } = await this.readiness.report();
    if (status !== 'starting') return { status, reasons: [...reasons] };
    throw new ProblemError(503, 'not_ready', sentenceOf(reasons), {
      headers: { 'Retry-After': '2' },
    });
  }
}

function sentenceOf(reasons: readonly string[]): string {
  const text = reasons.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
