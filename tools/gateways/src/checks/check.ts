/** The checks that a gateway may make before a request reaches the API, in the order of the document. */
export const checks = {
  signature: 'Signature',
  algorithm: 'Algorithm',
  expiry: 'Expiry',
  notBefore: 'Not before',
  issuer: 'Issuer',
  audience: 'Audience as text',
  audienceList: 'Audience as list',
  kind: 'Kind of token',
  location: 'Token location',
  roles: 'Roles',
  revocation: 'Adds no revocation lag',
  refusal: 'Status and challenge',
  issuerDown: 'Issuer down',
} as const;

export type Check = keyof typeof checks;

/** `by-setting`: the generated configuration has the setting, or the text names it. */
export type Answer = 'does' | 'by-setting' | 'left-to-api';

/** The source of a cell: a test of this project with this title, or a page of the vendor. */
export type Source = { readonly test: string; readonly title: string } | { readonly page: string };

export interface Cell {
  readonly check: Check;
  readonly cell: Answer;
  readonly text: string;
  readonly source: Source;
}

export interface Column {
  /** The folder in deploy/gateways, if there is one. */
  readonly name: string;
  readonly title: string;
  readonly cells: readonly Cell[];
}

/** A cell, with its source where that is not the source of its column. */
export type Row = readonly [cell: Answer, text: string, source?: Source];
export type Rows = Readonly<Record<Check, Row>>;

/** Builds a column of one row per check. */
export const column = (name: string, title: string, source: Source, rows: Rows): Column => ({
  name,
  title,
  cells: (Object.keys(checks) as Check[]).map((check) => {
    const [cell, text, own = source] = rows[check];
    return { check, cell, text, source: own };
  }),
});
