import { browserObstacle } from './home-page.js';

describe('the browser that --open needs', () => {
  it.each([
    ['a screen on Linux', { DISPLAY: ':0' }, 'linux', undefined],
    ['Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', undefined],
    ['Windows around WSL', { WSL_DISTRO_NAME: 'Debian' }, 'linux', undefined],
    ['macOS', {}, 'darwin', undefined],
    ['no screen', {}, 'linux', 'DISPLAY and WAYLAND_DISPLAY are unset'],
    ['CI', { CI: 'true', DISPLAY: ':0' }, 'linux', 'CI is set'],
    ['CI that is switched off', { CI: 'false', DISPLAY: ':0' }, 'linux', undefined],
  ] as const)('is looked for: %s', (_what, environment, platform, obstacle) => {
    expect(browserObstacle(environment, platform)).toBe(obstacle);
  });
});
