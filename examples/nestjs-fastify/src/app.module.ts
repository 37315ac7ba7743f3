import { Module } from '@nestjs/common';
import { AuthModule } from 'gatehouse-auth/nest';
import { InvoicesController } from './invoices.controller.js';

@Module({ imports: [AuthModule.forRoot()], controllers: [InvoicesController] })
export class AppModule {}
