import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const arrival = 'http.server.request.start';

/** Resolves when the next request arrives, its headers at least, at any server of this process. */
export const requestArrives = (): Promise<void> =>
  new Promise((resolve) => {
    const arrived = () => {
      unsubscribe(arrival, arrived);
      resolve();
    };
    subscribe(arrival, arrived);
  });
