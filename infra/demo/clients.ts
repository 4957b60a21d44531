import type { DemoClient } from './client.ts';
import { alderAndOak } from './clients/alder-and-oak.ts';
import { fennelStreet } from './clients/fennel-street.ts';
import { haldenRunning } from './clients/halden-running.ts';
import { kiteAndCove } from './clients/kite-and-cove.ts';
import { marlowTrade } from './clients/marlow-trade.ts';
import { nordlysStudio } from './clients/nordlys-studio.ts';
import { pepperMoon } from './clients/pepper-moon.ts';
import { soraTea } from './clients/sora-tea.ts';

/**
 * The clients of the demo's agency. On the last night six of them reconcile, Kite & Cove is published in part because its
 * history is not complete, and Pepper Moon waits for a person because a page of its orders is missing.
 */
export const DEMO_CLIENTS: readonly DemoClient[] = [
  alderAndOak,
  fennelStreet,
  haldenRunning,
  kiteAndCove,
  marlowTrade,
  nordlysStudio,
  pepperMoon,
  soraTea,
];
