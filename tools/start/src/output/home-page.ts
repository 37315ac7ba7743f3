import type { Environment } from '#gatehouse/platform';

const setBy = (value = ''): boolean => !['', '0', 'false'].includes(value.toLowerCase());

/** Returns the reason why no browser can be opened here; undefined where one can. */
export function browserObstacle(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (setBy(environment['CI'])) return 'CI is set';
  const alwaysHasScreen = ['darwin', 'win32'].includes(platform);
  const screen = ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => environment[name]);
  return alwaysHasScreen || screen ? undefined : 'DISPLAY and WAYLAND_DISPLAY are unset';
}

/** Opens a page in the system's browser. Resolves with a sentence when it is not opened; never rejects. */
export async function openHomePage(url: string, environment: Environment): Promise<string | undefined> {
  const notOpened = (why: string) => `No browser was opened (${why}): open ${url} yourself.`;
  const obstacle = browserObstacle(environment);
  if (obstacle !== undefined) return notOpened(obstacle);
  try {
    const { default: open } = await import('open');
    await open(url);
    return undefined;
  } catch (error) {
    return notOpened((error as Error).message);
  }
}
