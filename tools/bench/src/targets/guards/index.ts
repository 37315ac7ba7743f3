import { gatehouseGuard } from './gatehouse.js';
import type { GuardSettings, GuardUnderTest } from './guard-under-test.js';
import { naiveGuard } from './naive.js';
import { passportGuard } from './passport.js';

export const guards: Record<GuardSettings['guard'], (settings: GuardSettings) => Promise<GuardUnderTest>> = {
  gatehouse: gatehouseGuard,
  passport: passportGuard,
  naive: naiveGuard,
};
