import { Controller, Get, Post } from '@nestjs/common';
import type { Principal } from 'gatehouse-auth';
import { CurrentPrincipal, Public, RequireRole } from 'gatehouse-auth/nest';

@Controller()
export class InvoicesController {
  /** Needs a valid credential, like every route without a decorator. */
  @Get('invoices')
  list(@CurrentPrincipal() principal: Principal) {
    return { of: principal.subject };
  }

  @RequireRole('todo-writer')
  @Post('invoices')
  create(@CurrentPrincipal() principal: Principal) {
    return { createdBy: principal.email };
  }

  @Public()
  @Get('health')
  health() {
    return { status: 'ok' };
  }
}
