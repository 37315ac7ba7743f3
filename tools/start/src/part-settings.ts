import { type SettingLine, settingLines } from '#gatehouse/platform';
import { devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { reminderSchema } from '../../../apps/reminder-app/src/config.js';
import { todoApiSchema } from '../../../apps/todo-api/src/config.js';
import { startSchema } from './config.js';
import { pointsElsewhere } from './own-environment.js';
import { patientDeadlineMs } from './part-configs.js';

/** The schemas of everything that is started together. */
export const allSchemas = [startSchema, todoApiSchema, reminderSchema, devCenterSchema];

/** Settings that follow from those of `npm start` itself. */
const settled = ['PORT', 'METRICS_PORT', 'ALLOW_INSECURE'];

/** The settings that the parts take from the environment, beyond those of `npm start` itself. */
export function partSettings(): SettingLine[] {
  const own = Object.keys(startSchema.shape);
  const lines = allSchemas.slice(1).flatMap((schema) => settingLines(schema));
  return lines
    .filter(
      ({ name }, index) =>
        !own.includes(name) &&
        !settled.includes(name) &&
        !pointsElsewhere(name) &&
        lines.findIndex((line) => line.name === name) === index,
    )
    .map((line) =>
      line.name === 'FUSIONAUTH_DEADLINE_MS' ? { ...line, fallback: patientDeadlineMs } : line,
    );
}
