import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

// An embedded database is compiled quickly rather than well: most are closed before better code would have paid.
setFlagsFromString('--liftoff-only');

/**
 * Runs a test file in the worker's own realm instead of a new one, so that it shares packages with the previous file.
 * When the file ends, what it changed in the process is restored.
 */
export default class SharedRealm {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  // The timers of Jest 26, which no test uses.
  fakeTimers = null;
  #restore = [];

  constructor({ projectConfig }) {
    this.#restore.push(
      snapshot(globalThis),
      snapshot(process),
      snapshot(process.env),
      snapshotListeners(),
      snapshotDirectory(),
    );
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    for (const restore of this.#restore.splice(0)) restore();
    // Otherwise it is written as the worker exits, and Jest kills a worker that needs more than half a second for that.
    flushCompileCache();
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest calls it before it compiles; the compiler here (runtime.mjs) needs no context. */
  getVmContext() {
    return {};
  }
}

/**
 * Stores the properties of an object; the result restores them. Added properties of `globalThis` remain, because
 * packages may have added them, except those of Jest, which Jest looks for.
 */
function snapshot(object) {
  const before = Object.getOwnPropertyDescriptors(object);
  return () => {
    for (const key of Reflect.ownKeys(object))
      if (!(key in before) && (object !== globalThis || isOfJest(key))) Reflect.deleteProperty(object, key);
    for (const key of Reflect.ownKeys(before)) {
      const now = Object.getOwnPropertyDescriptor(object, key);
      const { value, get } = before[key];
      if (now?.value !== value || now?.get !== get) Object.defineProperty(object, key, before[key]);
    }
  };
}

const isOfJest = (key) => /jest|EVENT_HANDLERS|__coverage__/i.test(String(key));

function snapshotListeners() {
  const before = new Map(process.eventNames().map((name) => [name, process.rawListeners(name)]));
  return () => {
    for (const name of process.eventNames()) {
      for (const listener of process.rawListeners(name))
        if (!before.get(name)?.includes(listener)) process.removeListener(name, listener);
    }
  };
}

function snapshotDirectory() {
  const before = process.cwd();
  return () => {
    if (process.cwd() !== before) process.chdir(before);
  };
}
