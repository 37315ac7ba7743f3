type Rows = readonly (readonly (string | number)[])[];

/** Formats rows as columns aligned by spaces, numbers to the right. The first row is the heading, which is underlined. */
export function table(rows: Rows): string {
  const [heading = '', ...body] = aligned(rows);
  const underline = widthsOf(rows).map((width) => '─'.repeat(width));
  return [heading, underline.join('  '), ...body].join('\n');
}

/** Returns a line for each row of such a table, without the underline. */
export function aligned(rows: Rows): string[] {
  const widths = widthsOf(rows);
  const isNumber = widths.map((_, column) => rows.slice(1).every((row) => typeof row[column] === 'number'));
  const cell = (value: string | number, column: number): string =>
    isNumber[column] ? `${value}`.padStart(widths[column] ?? 0) : `${value}`.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd());
}

const widthsOf = (rows: Rows): number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
