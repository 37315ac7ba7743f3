import type { Report } from './report.js';

/** Describes the origin of a report's figures, in a sentence or two. */
export function originOf({ made }: Report): string {
  const { machine, versions } = made;
  const fusionauth =
    versions.fusionauth === 'sandbox'
      ? 'the sandbox in place of FusionAuth'
      : `FusionAuth ${versions.fusionauth}`;
  const by = `Measured on ${made.at.slice(0, 10)} by \`${made.command}\` in ${Math.round(made.seconds)} s`;
  const on = `on ${machine.system}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB`;
  const node = versions.node.replace(/^v/, '');
  const parts = `Gatehouse ${versions.gatehouse}, Node ${node}, ${fusionauth}; database: ${versions.database}`;
  return `${by}, ${on}: ${parts}.`;
}
