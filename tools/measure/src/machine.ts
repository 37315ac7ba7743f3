import { cpus, release, totalmem, type } from 'node:os';

/** Describes the machine of a run. */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
});

/** Formats a progress note: the seconds since the start of this process, then the text. */
export const timed = (text: string): string =>
  `${`${(performance.now() / 1000).toFixed(0)} s`.padStart(5)}  ${text}`;
