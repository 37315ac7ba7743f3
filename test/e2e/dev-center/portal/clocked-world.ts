import { type PortalWorld, startPortalWorld } from './portal-world.js';

let present = Date.now();

/** Sets up one portal for the file, whose time moves on by `passed` alone. */
export let world: PortalWorld;
beforeAll(async () => {
  world = await startPortalWorld({ clock: () => present });
});
afterAll(() => world.close());

export const minutes = (count: number) => count * 60_000;
export const passed = (milliseconds: number) => void (present += milliseconds);
