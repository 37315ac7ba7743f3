import type { CellView, Detail, RowView } from './view.js';

/** A row of a table in the page. */
export interface NumberedRow extends Omit<RowView, 'cells'> {
  readonly cells: readonly (Omit<CellView, 'details'> & {
    /** Numbers of lines among the page's details, separated by spaces. */
    readonly details: string;
  })[];
}

/**
 * The details behind the cells of a page. Many cells share the same lines, so each line is stored once and cells refer
 * to it by number.
 */
export class Details {
  readonly #numbers = new Map<string, number>();

  /** Returns the rows, with numbers in place of lines. */
  numbered(rows: readonly RowView[]): NumberedRow[] {
    return rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell) => ({
        ...cell,
        details: cell.details.map((line) => this.#numberOf(line)).join(' '),
      })),
    }));
  }

  /** Returns all lines as JSON, indexed by their numbers. */
  json(): string {
    return `[${[...this.#numbers.keys()].join(',')}]`;
  }

  #numberOf(line: Detail): number {
    const text = JSON.stringify(line);
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}
