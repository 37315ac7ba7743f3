import { Controller, Get } from '@nestjs/common';
import type { Principal } from '#gatehouse/auth';
import { CurrentPrincipal } from '#gatehouse/auth/nest';
import { type Me, meSchema } from '#gatehouse/todo-contract';
import { Answers } from '../http/answers.js';
import { OwnerResolver } from './owner.resolver.js';

@Controller('me')
export class MeController {
  constructor(private readonly owners: OwnerResolver) {}

  @Get()
  @Answers(200, meSchema, { summary: 'Whom the credential represents, and what it may do' })
  async me(@CurrentPrincipal() principal: Principal): Promise<Me> {
    const { subject, kind, via, roles, email = null } = principal;
    return { subject, kind, via, roles: [...roles], email, owner: await this.owners.resolve(principal) };
  }
}
