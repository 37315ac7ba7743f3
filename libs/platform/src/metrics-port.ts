import { setting } from './setting.js';
import { port } from './setting-kinds.js';

/** The distance between the port of an app and that of its metrics. */
const distance = 6_000;

interface Ports {
  readonly PORT: number;
  readonly METRICS_PORT?: number | undefined;
}

/** Returns the setting METRICS_PORT; `server` names the server, if the app has several. */
export const metricsPortSetting = (example: number, server = '') =>
  setting(port().optional(), {
    about: `port of GET /metrics${server}; unset: PORT + ${distance}`,
    example: String(example),
  });

/** Returns the port for metrics; 0, a free one, if PORT is 0. */
export const metricsPort = ({ METRICS_PORT, PORT }: Ports): number =>
  METRICS_PORT ?? (PORT === 0 ? 0 : PORT + distance);

/** Returns a line for the operator if METRICS_PORT is that of PORT, or is unset and its default is out of range. */
export function metricsPortProblem(ports: Ports, example: number): string[] {
  const { PORT, METRICS_PORT } = ports;
  if (METRICS_PORT === PORT && PORT !== 0)
    return [`METRICS_PORT: must not be the same as PORT (example: ${example})`];
  return METRICS_PORT === undefined && metricsPort(ports) > 65_535
    ? [`METRICS_PORT: must be set, because PORT + ${distance} is above 65535 (example: ${example})`]
    : [];
}
