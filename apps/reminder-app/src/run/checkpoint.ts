/** The places in a run where a crash would matter most; tests stop the process at each of them. */
export const crashPoints = [
  'after-token-write',
  'after-find',
  'after-plan',
  'after-watermark',
  'after-hold',
  'before-send',
  'after-send-before-mark',
  'after-mark',
] as const;

export type CrashPoint = (typeof crashPoints)[number];

/** Called at every crash point. Production passes none. */
export type Checkpoint = (point: CrashPoint) => Promise<void> | void;
