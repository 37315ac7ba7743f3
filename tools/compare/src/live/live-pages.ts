import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, type CompareOptions, type Comparison } from '../compare.js';
import { newestReport } from '../read-report.js';
import type { Report } from '../report.js';
import { drawCharts } from '../report/charts/charts.js';
import { choosePage, htmlReport } from '../report/html.js';
import { viewCell } from '../report/view.js';
import { writeReport } from '../report/write.js';
import type { Ground } from '../world/ground.js';

export interface LiveOptions extends Pick<CompareOptions, 'only' | 'sections'> {
  /** The directory of the newest report, and of the report of a run. */
  readonly directory: string;
  /** Returns the ground of a run; by default the usual one. */
  readonly newGround?: () => Ground;
}

/** An event for a page: the run in progress (empty: none), a completed cell as JSON, or a progress note. */
export interface LiveEvent {
  readonly name: 'run' | 'cell' | 'note';
  /** Without line breaks. */
  readonly data: string;
}

type Follower = (event: LiveEvent) => void;

interface Run {
  readonly id: string;
  readonly comparison: Comparison;
  /** The events that a page opened later still needs: every completed cell, and the last note. */
  readonly cells: LiveEvent[];
  note?: LiveEvent;
}

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');
const controls = read('live.html');
const script = read('browser', 'live.js');

/** Renders the newest report or the run in progress, and sends the events of a run to its followers. */
export class LivePages {
  readonly #followers = new Set<Follower>();
  #run: Run | undefined;
  #closed = false;

  constructor(private readonly options: LiveOptions) {}

  /** Renders the newest report; during a run, its tables, which a script fills. */
  async report(): Promise<string> {
    const live = { html: controls, script, run: this.#run?.id };
    if (this.#run) return htmlReport(unfilled(this.#run.comparison.report()), {}, live);
    const newest = newestReport(this.options.directory);
    return htmlReport(newest, await drawCharts(newest), live);
  }

  choose = (): Promise<string> => Promise.resolve(choosePage(newestReport(this.options.directory)));

  /** Sends the run in progress and its cells so far, then all further events. Returns the function that stops this. */
  follow(follower: Follower): () => void {
    follower(this.#runEvent());
    for (const cell of this.#run?.cells ?? []) follower(cell);
    if (this.#run?.note) follower(this.#run.note);
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** Starts a run; returns false while one is in progress. */
  begin(): boolean {
    if (this.#run || this.#closed) return false;
    const { directory, newGround, ...chosen } = this.options;
    const cells: LiveEvent[] = [];
    const comparison = compare({
      ...chosen,
      ...(newGround && { ground: newGround() }),
      full: false,
      command: 'npm start (the button in /compare)',
      note: (text) => this.#note(text),
      filled: (section, cell) => {
        const event: LiveEvent = {
          name: 'cell',
          data: JSON.stringify(viewCell({ section, row: cell.row, mode: cell.mode }, cell)),
        };
        cells.push(event);
        this.#send(event);
      },
    });
    this.#run = { id: randomUUID(), comparison, cells };
    this.#send(this.#runEvent());
    void this.#conclude(comparison, directory);
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#run?.comparison.close();
  }

  async #conclude(comparison: Comparison, directory: string): Promise<void> {
    await comparison.done;
    if (this.#closed) return;
    try {
      await writeReport(comparison.report(), directory).finally(() => comparison.close());
    } catch (error) {
      this.#note(`the run did not end well: ${(error as Error).message}`);
    }
    this.#run = undefined;
    this.#send(this.#runEvent());
  }

  #note(text: string): void {
    const note: LiveEvent = { name: 'note', data: text.replaceAll(/\s+/g, ' ') };
    if (this.#run) this.#run.note = note;
    this.#send(note);
  }

  #runEvent = (): LiveEvent => ({ name: 'run', data: this.#run?.id ?? '' });

  #send(event: LiveEvent): void {
    for (const follower of this.#followers) follower(event);
  }
}

/** Returns a report without cells that does not call them missing: they will follow. */
const unfilled = (report: Report): Report => ({
  ...report,
  made: { ...report.made, complete: true, missing: [] },
  sections: report.sections.map((section) => ({ ...section, cells: [] })),
});
