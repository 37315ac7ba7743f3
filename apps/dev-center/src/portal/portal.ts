import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import type { CommandContext } from '../context.js';
import { addActivityRoutes } from './activity/activity-routes.js';
import { addAuditRoutes } from './audit/audit-routes.js';
import { addClientRoutes } from './credentials/client-routes.js';
import { addIssueRoutes } from './credentials/issue-routes.js';
import { addOrderRoutes } from './credentials/order-routes.js';
import { Orders } from './credentials/orders.js';
import { addRevokeRoutes } from './credentials/revoke-routes.js';
import { addRotateRoutes } from './credentials/rotate-routes.js';
import { addDeviceRoute } from './device/device-route.js';
import { addDoctorRoutes } from './doctor/doctor-routes.js';
import { comparisonRecord } from './figures/record.js';
import { strategiesOn } from './figures/strategies-on.js';
import { addHome, type HomeAddition } from './home/home-routes.js';
import { addLogInRoutes } from './login/log-in-routes.js';
import { nothingHere } from './pages/page-problem.js';
import { addAssets } from './pages/rendering.js';
import { sendProblem } from './pages/send.js';
import { routesOf } from './routes.js';
import { Sealed } from './session/sealed.js';
import { Sessions } from './session/session.js';
import { addTodoRoutes } from './todos/todo-routes.js';

/** The longest content of a form is a pasted credential. */
const maximumFormBytes = 32_768;

/**
 * Adds the portal: pages on which users log in through FusionAuth and manage the credentials of their clients. It
 * runs the commands of `npm run credentials` and changes credentials in no other way. `addition` comes from a tool.
 */
export async function addPortal(
  server: FastifyInstance,
  context: CommandContext,
  addition?: HomeAddition,
): Promise<void> {
  const { config, clock, log } = context;
  const publicUrl = config.PUBLIC_URL;
  const sessions = new Sessions(new Sealed(config.SESSION_KEY, clock), clock, publicUrl);
  const orders = new Orders();
  await server.register(fastifyCookie);
  await server.register(fastifyFormbody, { bodyLimit: maximumFormBytes });
  server.addHook('preClose', () => orders.close());
  server.setErrorHandler(async (error, request, reply) =>
    sendProblem(error, { request, reply, session: await sessions.read(request) }, log),
  );
  server.setNotFoundHandler(async (request, reply) =>
    sendProblem(nothingHere(), { request, reply, session: await sessions.read(request) }, log),
  );
  const routes = routesOf(server, { context, sessions, orders, publicUrl });
  const facts = {
    record: comparisonRecord(join(config.DATA_DIR, 'comparison')),
    strategiesOn: strategiesOn(config),
  };
  addAssets(server);
  addition?.routes?.(server);
  addHome(routes, facts, addition);
  addLogInRoutes(routes);
  addDeviceRoute(routes);
  addClientRoutes(routes);
  addIssueRoutes(routes, facts);
  addOrderRoutes(routes);
  addRotateRoutes(routes);
  addRevokeRoutes(routes);
  addDoctorRoutes(routes);
  addActivityRoutes(routes);
  addAuditRoutes(routes);
  addTodoRoutes(routes, facts);
}
