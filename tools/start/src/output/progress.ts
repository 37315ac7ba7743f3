import { styleText } from 'node:util';

/** The part of a terminal or file that progress is written to. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** False where NO_COLOR is set. */
  hasColors?(): boolean;
  write(text: string): unknown;
}

/**
 * Shows the steps of the start. On a terminal the running steps stay visible below the finished ones; elsewhere there
 * is one plain line per finished step.
 */
export class Progress {
  readonly #running: string[] = [];
  #drawn = 0;

  constructor(
    private readonly screen: Screen = process.stderr,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Runs `work` as a step, named by its result; steps may overlap. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = this.clock();
    this.#running.push(name);
    this.#draw();
    try {
      const result = await work();
      this.#finish(name, styled('green', '✓', this.screen), began);
      return result;
    } catch (error) {
      this.#finish(name, styled('red', '✗', this.screen), began);
      throw error;
    }
  }

  /** Prints a separate line among the steps. */
  note(text: string): void {
    this.#erase();
    this.screen.write(`${text}\n`);
    this.#draw();
  }

  #finish(name: string, mark: string, began: number): void {
    this.#running.splice(this.#running.indexOf(name), 1);
    const seconds = `${((this.clock() - began) / 1000).toFixed(1)} s`;
    this.note(`${mark} ${name} ${styled('dim', seconds, this.screen)}`);
  }

  #draw(): void {
    if (!this.screen.isTTY) return;
    this.#erase();
    const width = (this.screen.columns ?? 80) - 4;
    for (const name of this.#running)
      this.screen.write(styled('dim', `… ${name.slice(0, width)}\n`, this.screen));
    this.#drawn = this.#running.length;
  }

  #erase(): void {
    // Moves up over the drawn lines, then clears to the end of the screen (ECMA-48 CUU and ED).
    if (this.#drawn > 0) this.screen.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }
}

/** Formats text where the terminal supports it and NO_COLOR is not set; returns it plain elsewhere. */
export const styled = (format: Parameters<typeof styleText>[0], text: string, screen: Screen): string =>
  text !== '' && screen.isTTY && screen.hasColors?.()
    ? styleText(format, text, { validateStream: false })
    : text;
