import { amazonColumns } from './checks/amazon.js';
import type { Column } from './checks/check.js';
import { forwardAuthColumns } from './checks/forward-auth.js';
import { nativeColumns } from './checks/native.js';
import { gateways } from './gateways/index.js';

const own = [...nativeColumns, ...forwardAuthColumns];

/** The columns of the document: the gateways with a generated configuration, in their order, then Amazon's. */
export const columns: readonly Column[] = [
  ...gateways.flatMap(({ name }) => own.filter((column) => column.name === name)),
  ...amazonColumns,
];
