import { serveParent } from '../../../measure/src/serve.js';
import { type Door, type DoorSettings, openDoor } from '../world/door.js';

/** Serves any number of doors in a separate process. */
const doors = new Map<string, Door>();

async function open(settings: DoorSettings): Promise<string> {
  const door = await openDoor(settings);
  doors.set(door.url, door);
  return door.url;
}

async function close(url: string): Promise<void> {
  await doors.get(url)?.close();
  doors.delete(url);
}

const metrics = (url: string): Promise<string> => doors.get(url)?.metrics() ?? Promise.resolve('');

serveParent('', { open, close, metrics });
