/** The points of a run at which a crash would do the most harm; tests stop the process at each of them. */
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

/** Called at every crash point. Production does not set it. */
export type Checkpoint = (point: CrashPoint) => Promise<void> | void;
