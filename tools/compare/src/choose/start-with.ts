import type { ReportMode } from '../report.js';

/** The `.env` lines and the command to start with a mode. */
export interface Beginning {
  readonly env: readonly string[];
  readonly commands: readonly string[];
}

/** The entity for the API in deploy/kickstart/kickstart.json. */
const todoApiEntity = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';

export function startWith({ id, environment }: ReportMode): Beginning {
  const machine = id === 'client-credentials';
  const settings = { ...environment, ...(machine ? { FUSIONAUTH_ENTITY_ID: todoApiEntity } : {}) };
  const strategy = machine ? id : (environment['AUTH_STRATEGY'] ?? id);
  return {
    env: Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    commands: [
      'npm ci',
      'npm start',
      `npm run credentials -- issue --client my-app --strategy ${strategy} --roles todo-reader --out .data/my-app.secret`,
    ],
  };
}
