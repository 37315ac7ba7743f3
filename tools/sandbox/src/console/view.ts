import type { Controls } from '../controls/controls.js';
import type { Fault } from '../controls/faults.js';
import type { Abilities } from '../controls/routes.js';
import type { Instance } from '../instance.js';
import { type AccessView, accessView } from './view-access.js';
import { type PeopleView, peopleView } from './view-people.js';
import { type RequestView, requestViews } from './view-requests.js';

/** The data that the page shows; contains no secret's value. */
export interface SandboxView extends PeopleView, AccessView {
  /** Milliseconds since the epoch on the sandbox's clock. */
  readonly now: number;
  /** How far that clock is ahead of real time, in milliseconds. */
  readonly aheadMs: number;
  readonly faults: readonly (readonly [operation: string, fault: Fault])[];
  /** Newest first. */
  readonly requests: readonly RequestView[];
  /** The kinds of stored things, with the number of each. */
  readonly stored: readonly (readonly [kind: string, count: number])[];
  readonly abilities: Abilities;
}

export function sandboxView(instance: Instance, controls: Controls, abilities: Abilities): SandboxView {
  return {
    ...peopleView(instance),
    ...accessView(instance, instance.now()),
    now: instance.now(),
    aheadMs: controls.clock.aheadMs,
    faults: Object.entries(controls.faults.list()),
    requests: requestViews(instance, controls.requests),
    stored: Object.entries(controls.withoutEffect()),
    abilities,
  };
}
