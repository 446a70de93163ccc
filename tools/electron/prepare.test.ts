import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';

const { execFile, provideRuntime, ensureSystemPackages, startVirtualDisplay } = vi.hoisted(() => ({
  execFile: vi.fn(),
  provideRuntime: vi.fn(),
  ensureSystemPackages: vi.fn(),
  startVirtualDisplay: vi.fn(),
}));
vi.mock('node:child_process', async (original) => ({ ...(await original<object>()), execFile }));
vi.mock('./provide.ts', () => ({ provideRuntime }));
vi.mock('./display.ts', () => ({ startVirtualDisplay }));
vi.mock('./system-packages.ts', async (original) => ({ ...(await original<object>()), ensureSystemPackages }));
const { prepareElectron } = await import('./prepare.ts');

const print = vi.fn();
const stop = vi.fn(async () => {});
const DISPLAY = { DISPLAY: ':77', WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
/** The output of `ldd`. */
let ldd: string;
beforeEach(() => {
  vi.clearAllMocks();
  vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
  vi.stubEnv('DISPLAY', '');
  vi.stubEnv('WAYLAND_DISPLAY', '');
  ldd = '';
  execFile.mockImplementation((_program, _args, done) => done(null, ldd));
  provideRuntime.mockResolvedValue({
    folder: '/r',
    executable: '/r/electron',
    version: '45.4.1',
    line: 'Electron 45.4.1',
  });
  ensureSystemPackages.mockResolvedValue([]);
  startVirtualDisplay.mockResolvedValue({ env: DISPLAY, stop });
});
afterEach(() => vi.unstubAllEnvs());

const lines = () => print.mock.calls.map(([line]) => line);

test('prepares the runtime, its system packages and a display, and returns the environment for Electron', async () => {
  const electron = await prepareElectron(print);
  expect(electron.env).toEqual({ ELECTRON_OVERRIDE_DIST_PATH: '/r', EARSHOT_NO_ELECTRON: '', ...DISPLAY });
  expect(ensureSystemPackages).toHaveBeenCalledWith(expect.anything(), '/r/electron');
  expect(lines()).toEqual(['Electron 45.4.1']);
  expect(stop).not.toHaveBeenCalled();
  await electron.stop();
  expect(stop).toHaveBeenCalledTimes(1);
});

test('uses the virtual display even if the user has one', async () => {
  vi.stubEnv('DISPLAY', ':0');
  expect((await prepareElectron(print)).env.DISPLAY).toBe(':77');
});

test.each(['DISPLAY', 'WAYLAND_DISPLAY'])('without Xvfb, uses the display that %s names', async (name) => {
  vi.stubEnv(name, 'the user’s');
  ensureSystemPackages.mockResolvedValue(['xvfb', 'dunst']);
  const electron = await prepareElectron(print);
  expect(electron.env).toEqual({ ELECTRON_OVERRIDE_DIST_PATH: '/r', EARSHOT_NO_ELECTRON: '' });
  expect(lines().at(-1)).toBe('Tests that need these programs are skipped. Debian packages to install: xvfb dunst');
  await electron.stop();
});

test('installs nothing on macOS and Windows', async () => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin');
  expect((await prepareElectron(print)).env).toEqual({ ELECTRON_OVERRIDE_DIST_PATH: '/r', EARSHOT_NO_ELECTRON: '' });
  expect(ensureSystemPackages).not.toHaveBeenCalled();
  expect(startVirtualDisplay).not.toHaveBeenCalled();
});

test.each<[string, () => void, RegExp]>([
  [
    'no runtime',
    () => provideRuntime.mockRejectedValue(new EarshotError('no_electron', 'Electron is nowhere.')),
    /^Electron is nowhere\.$/,
  ],
  [
    'missing libraries',
    () => {
      ldd = '\tlibgtk-3.so.0 => not found\n';
      ensureSystemPackages.mockResolvedValue(['libgtk-3-0', 'libnss3', 'dunst']);
    },
    /lacks libraries of the system: libgtk-3\.so\.0\..*apt-get install libgtk-3-0 libnss3\)/,
  ],
  ['no display', () => ensureSystemPackages.mockResolvedValue(['xvfb']), /needs a display.*apt-get install xvfb/],
  [
    'a display that does not start',
    () => startVirtualDisplay.mockRejectedValue(new EarshotError('no_display', 'Xvfb could not be started.')),
    /^Xvfb could not be started\.$/,
  ],
  ['a bug', () => provideRuntime.mockRejectedValue(new TypeError('x is undefined')), /^x is undefined$/],
])('%s: prints and returns the reason, and does not reject', async (_what, arrange, reason) => {
  arrange();
  const electron = await prepareElectron(print);
  expect(electron.env).toEqual({ EARSHOT_NO_ELECTRON: expect.stringMatching(reason) });
  expect(lines().at(-1)).toBe(`No Electron: ${electron.env.EARSHOT_NO_ELECTRON}`);
  await electron.stop();
});
