import { setting } from './setting.js';
import { port } from './setting-kinds.js';

/** From the port of an app to that of its metrics. */
const distance = 6_000;

interface Ports {
  readonly PORT: number;
  readonly METRICS_PORT?: number | undefined;
}

/** Returns the setting METRICS_PORT; `server` names what is measured where the app has several servers. */
export const metricsPortSetting = (example: number, server = '') =>
  setting(port().optional(), {
    about: `port of GET /metrics${server}; unset: PORT + ${distance}`,
    example: String(example),
  });

/** Returns the port to serve metrics at; 0, a free one, where PORT is 0. */
export const metricsPort = ({ METRICS_PORT, PORT }: Ports): number =>
  METRICS_PORT ?? (PORT === 0 ? 0 : PORT + distance);

/** Returns a line for the operator where METRICS_PORT is unset and PORT leaves no room for it. */
export const metricsPortProblem = (ports: Ports, example: number): string[] =>
  ports.METRICS_PORT === undefined && metricsPort(ports) > 65_535
    ? [`METRICS_PORT: must be set, since PORT + ${distance} is beyond 65535 (example: ${example})`]
    : [];
