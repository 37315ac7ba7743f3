import type { KeptRecord } from '../state/state.js';

/**
 * The things that every new instance of FusionAuth has under a documented id; here without the templates of the themes.
 */
export const shipped = [
  {
    path: '/api/theme',
    id: '75a068fd-e94b-451a-9aeb-3ddb9a3b5987',
    fields: { name: 'FusionAuth', type: 'advanced' },
  },
  {
    path: '/api/theme',
    id: '3c717291-5d83-4014-bd51-97c76475dc86',
    fields: { name: 'FusionAuth Simple', type: 'simple' },
  },
  {
    path: '/api/connector',
    id: 'e3306678-a53a-4964-9040-1c96f36dda72',
    fields: { name: 'FusionAuth', type: 'FusionAuth' },
  },
] as const;

export const shippedRecords = (now: number): Map<string, KeptRecord> =>
  new Map(
    shipped.map(({ path, id, fields }) => {
      const key = `${path}/${id}`;
      const item = { ...fields, id, insertInstant: now, lastUpdateInstant: now };
      return [key, { id: key, path, item }];
    }),
  );
