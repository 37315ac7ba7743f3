import { z } from 'zod';

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const form = /^(\d{1,5})([smhd])$/;

/** A span such as 30s, 15m, 24h or 90d, as milliseconds. */
export const duration = () =>
  z
    .string()
    .regex(form, 'must be a number with s, m, h or d behind it (example: 24h)')
    .transform((text) => {
      const [, count, unit = ''] = form.exec(text) ?? [];
      return Number(count) * (units[unit] ?? 0);
    });
