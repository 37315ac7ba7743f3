import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '#gatehouse/platform';
import { reminderProblems, schemaFor } from '../../apps/reminder-app/src/config.js';
import { isSchedule } from '../../apps/reminder-app/src/schedule/schedule.js';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'deploy/kubernetes/reminder-cronjob.yaml'), 'utf8');
const documents = parseAllDocuments(text).map((document) => document.toJS() as unknown);

// The part of the Kubernetes API (v1.32) that the file uses, as closed schemas: the API server would silently drop a
// field that is misspelt or in the wrong place.
const name = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const metadata = z.strictObject({ name, labels: z.record(z.string(), name).optional() });
const quantity = z.string().regex(/^\d+(m|Mi|Gi)?$/);
const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith('/'), port: z.union([z.int(), name]) }),
  periodSeconds: z.int(),
});
const podSecurity = z.strictObject({
  runAsNonRoot: z.literal(true),
  runAsUser: z.int().min(1),
  runAsGroup: z.int().min(1),
  fsGroup: z.int().min(1).optional(),
  seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
});
const container = z.strictObject({
  name,
  image: z.string().regex(/^\S+:[\w.-]+$/),
  args: z.array(z.string()),
  envFrom: z.array(z.strictObject({ configMapRef: z.strictObject({ name }) })),
  env: z.array(
    z.strictObject({
      name: z.string(),
      valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name, key: z.string() }) }),
    }),
  ),
  ports: z.array(z.strictObject({ name, containerPort: z.int() })).optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  volumeMounts: z
    .array(z.strictObject({ name, mountPath: z.string().startsWith('/'), readOnly: z.literal(true) }))
    .optional(),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: quantity, memory: quantity }),
    limits: z.strictObject({ memory: quantity }),
  }),
});
const volume = z.strictObject({
  name,
  secret: z.strictObject({
    secretName: name,
    defaultMode: z.int(),
    items: z.array(z.strictObject({ key: z.string(), path: z.string() })),
  }),
});
const podSpec = z.strictObject({
  restartPolicy: z.enum(['Never', 'OnFailure']).optional(),
  terminationGracePeriodSeconds: z.int().optional(),
  automountServiceAccountToken: z.literal(false),
  securityContext: podSecurity,
  containers: z.tuple([container]),
  volumes: z.array(volume).optional(),
});
const pod = z.strictObject({
  metadata: z.strictObject({ labels: z.record(z.string(), name) }),
  spec: podSpec,
});
const configMap = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata,
  // Values of a ConfigMap are strings; the API server refuses numbers and booleans.
  data: z.record(z.string(), z.string()),
});
const cronJob = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  metadata,
  spec: z.strictObject({
    schedule: z.string().refine(isSchedule),
    timeZone: z.literal('Etc/UTC'),
    concurrencyPolicy: z.enum(['Allow', 'Forbid', 'Replace']),
    startingDeadlineSeconds: z.int(),
    successfulJobsHistoryLimit: z.int(),
    failedJobsHistoryLimit: z.int(),
    jobTemplate: z.strictObject({
      spec: z.strictObject({ backoffLimit: z.int(), activeDeadlineSeconds: z.int(), template: pod }),
    }),
  }),
});
const deployment = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata,
  spec: z.strictObject({
    replicas: z.int(),
    selector: z.strictObject({ matchLabels: z.record(z.string(), name) }),
    template: pod,
  }),
});
const service = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    selector: z.record(z.string(), name),
    ports: z.array(z.strictObject({ name, port: z.int(), targetPort: z.union([z.int(), name]) })),
  }),
});
const file = z.tuple([configMap, cronJob, deployment, service]);

describe('deploy/kubernetes/reminder-cronjob.yaml', () => {
  const [settings, job, page, door] = file.parse(documents);
  const jobPod = job.spec.jobTemplate.spec.template.spec;
  const pods = [jobPod, page.spec.template.spec];
  const containers = pods.flatMap((spec) => spec.containers);

  it('says nothing that the Kubernetes API does not know', () => {
    expect(file.safeParse(documents).success).toBe(true);
    const misspelt = structuredClone(documents) as [unknown, { spec: object }];
    // cspell:ignore concurency
    Object.assign(misspelt[1].spec, { concurencyPolicy: 'Forbid' });
    expect(file.safeParse(misspelt).success).toBe(false);
  });

  it.each(containers.map((one) => [one.name, one] as const))(
    'gives the container %s a configuration that the app takes, and a program that is there',
    (_name, { args, env }) => {
      const secrets: Record<string, string> = {
        DATABASE_URL: 'postgresql://reminder:secret@database.example.com/reminder',
        SMTP_URL: 'smtps://user:secret@mail.example.com',
        UNSUBSCRIBE_KEY: 'x'.repeat(44),
      };
      const environment = {
        ...settings.data,
        ...Object.fromEntries(env.map((one) => [one.name, secrets[one.name]])),
      };

      expect(env.map((one) => one.valueFrom.secretKeyRef.key)).toEqual(Object.keys(secrets));
      expect(reminderProblems(parseConfig(schemaFor(environment), environment))).toEqual([]);
      expect(existsSync(join(root, args[0]!.replace('dist/', '').replace(/\.js$/, '.ts')))).toBe(true);
    },
  );

  it('holds no secret: each comes from the Secret', () => {
    expect(
      Object.keys(settings.data).filter((key) => /(PASSWORD|SECRET|_KEY|DATABASE_URL|SMTP_URL)$/.test(key)),
    ).toEqual([]);
  });

  it('mounts the refresh token where the app reads it, for its user alone', () => {
    const [mount] = jobPod.containers[0].volumeMounts ?? [];
    const [tokens] = jobPod.volumes ?? [];

    expect(mount?.name).toBe(tokens?.name);
    expect(settings.data['REFRESH_TOKEN_FILE']).toBe(
      `${mount?.mountPath ?? ''}/${tokens?.secret.items[0]?.path ?? ''}`,
    );
    expect((tokens?.secret.defaultMode ?? 0o777) & 0o337).toBe(0);
    expect(jobPod.securityContext.fsGroup).toBe(jobPod.securityContext.runAsUser);
  });

  it('lets a stopping run finish, and never two run at once', () => {
    expect(jobPod.terminationGracePeriodSeconds).toBeGreaterThan(20);
    expect(job.spec.concurrencyPolicy).toBe('Forbid');
    expect(jobPod.restartPolicy).toBe('Never');
  });

  it('leads requests to the page', () => {
    const labels = page.spec.template.metadata.labels;

    expect(page.spec.selector.matchLabels).toEqual(labels);
    expect(door.spec.selector).toEqual(labels);
    expect(door.spec.ports[0]?.targetPort).toBe(page.spec.template.spec.containers[0].ports?.[0]?.name);
  });
});
