import { z } from 'zod';
import { type Answer, ok } from '../answer.js';
import { applyPatch, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { type Operation, operation } from '../operations/operation.js';

/** A thing that an instance has exactly one of. */
interface Singleton {
  readonly path: string;
  readonly one: string;
  /** The value before the first change. */
  readonly initial: object;
}

export const systemConfiguration: Singleton = {
  path: '/api/system-configuration',
  one: 'systemConfiguration',
  initial: {
    auditLogConfiguration: { delete: { enabled: false, numberOfDaysToRetain: 365 } },
    corsConfiguration: {
      allowCredentials: false,
      allowedHeaders: [
        'Accept',
        'Access-Control-Request-Headers',
        'Access-Control-Request-Method',
        'Authorization',
        'Content-Type',
        'Last-Modified',
        'Origin',
        'X-FusionAuth-TenantId',
        'X-Requested-With',
      ],
      allowedMethods: ['GET', 'OPTIONS'],
      allowedOrigins: [],
      debug: false,
      enabled: false,
      exposedHeaders: [],
      preflightMaxAgeInSeconds: 1800,
    },
    data: {},
    eventLogConfiguration: { numberToRetain: 10_000 },
    loginRecordConfiguration: { delete: { enabled: false, numberOfDaysToRetain: 365 } },
    reportTimezone: 'America/Denver',
    uiConfiguration: {},
  },
};

const singletons: readonly Singleton[] = [
  systemConfiguration,
  {
    path: '/api/integration',
    one: 'integrations',
    initial: { cleanspeak: { enabled: false }, kafka: { enabled: false } },
  },
];

/** Returns its current value. */
export const current = ({ path, initial }: Singleton, { state }: Pick<Instance, 'state'>): object =>
  state.kept.get(path)?.item ?? initial;

export const singletonOperations: readonly Operation[] = singletons.flatMap((singleton) => {
  const { path, one } = singleton;
  const bodySchema = z.looseObject({ [one]: z.looseObject({}) });
  const write =
    (partial: boolean) =>
    (request: ApiRequest, instance: Instance): Answer => {
      const sent = readBody(request, bodySchema)[one] as object;
      const before = current(singleton, instance);
      const wanted = partial ? applyPatch(before, sent, request) : { ...singleton.initial, ...sent };
      const item = { insertInstant: instance.now(), ...wanted, lastUpdateInstant: instance.now() };
      instance.state.kept.set(path, { id: path, path, item });
      return show(instance);
    };
  const show = (instance: Instance): Answer => ok({ [one]: current(singleton, instance) });
  return [
    operation('GET', path, 'global-api-key', (_request, instance) => show(instance)),
    operation('PUT', path, 'global-api-key', write(false)),
    operation('PATCH', path, 'global-api-key', write(true)),
  ];
});
