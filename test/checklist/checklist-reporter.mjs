import { readFileSync } from 'node:fs';

const checklist = JSON.parse(readFileSync(new URL('checklist.json', import.meta.url), 'utf8'));
const ours = Object.keys(checklist).filter((id) => checklist[id].asks !== undefined);
const tag = /\b(?:JWT|OA|HTTP)-\d+\b/g;

/**
 * Jest reporter that checks the coverage of the security checklist: an item is covered by a passed test with its id in
 * the title, as in `refuses a nested token (JWT-3)`. A full run fails when an item of a resource server is not covered.
 */
export default class ChecklistReporter {
  #held = new Set();
  #full;
  #missing = [];

  #write;

  /** `write` receives the text at the end; by default it is written to the terminal. */
  constructor(config, { write = (text) => process.stderr.write(text) } = {}) {
    const { nonFlagArgs, testNamePattern, onlyChanged, onlyFailures, findRelatedTests, shard } = config;
    const parts = [testNamePattern, onlyChanged, onlyFailures, findRelatedTests, shard];
    this.#full = nonFlagArgs.length === 0 && !parts.some(Boolean);
    this.#write = write;
  }

  onTestResult(_test, { testResults }) {
    for (const { status, fullName } of testResults)
      if (status === 'passed') for (const [id] of fullName.matchAll(tag)) this.#held.add(id);
  }

  onRunComplete() {
    if (!this.#full) return;
    this.#missing = ours.filter((id) => !this.#held.has(id));
    const lines = [
      `Checklist: ${ours.length - this.#missing.length} of ${ours.length} covered`,
      ...this.#missing.map((id) => `  no test bears ${id}: ${checklist[id].asks}`),
      ...ours
        .filter((id) => checklist[id].open !== undefined)
        .map((id) => `  ${id} except for this: ${checklist[id].open}`),
      ...[...this.#held].filter((id) => !(id in checklist)).map((id) => `  unknown id in a title: ${id}`),
    ];
    this.#write(`\n${lines.join('\n')}\n`);
  }

  getLastError() {
    return this.#missing.length > 0
      ? new Error(`Checklist: no test bears ${this.#missing.join(', ')} (test/checklist/checklist.json)`)
      : undefined;
  }
}
