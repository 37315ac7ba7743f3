import type { CellView, Detail, RowView } from './view.js';

/** A row of a table in the page. */
export interface NumberedRow extends Omit<RowView, 'cells'> {
  readonly cells: readonly (Omit<CellView, 'details'> & {
    /** Numbers among the page's details, with spaces between them. */
    readonly details: string;
  })[];
}

/** What is behind the cells of a page. Most of it many cells share, so each line is there once and cells name its number. */
export class Details {
  readonly #numbers = new Map<string, number>();

  /** The rows, with numbers in place of lines. */
  numbered(rows: readonly RowView[]): NumberedRow[] {
    return rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell) => ({
        ...cell,
        details: cell.details.map((line) => this.#numberOf(line)).join(' '),
      })),
    }));
  }

  /** All lines as JSON, each at the place that its number says. */
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
