export { factsOf, stripper } from './facts.js';
export { guarded, type GuardedListener } from './guarded.js';
export { webhookListener } from './webhook-listener.js';
