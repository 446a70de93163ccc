import { expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { withTestRuntime } from './test-runtime.ts';

test('the older runtime takes precedence, and one line says so', async () => {
  const print = vi.fn();
  const env = { HOME: '/home/someone', ELECTRON_OVERRIDE_DIST_PATH: '/mine' };
  expect(await withTestRuntime(env, print, async () => '/cache/older')).toEqual({
    HOME: '/home/someone',
    ELECTRON_OVERRIDE_DIST_PATH: '/cache/older',
  });
  expect(print.mock.calls).toEqual([
    [expect.stringMatching(/^Using Electron 25\.1\.1, an older one .*--test-runtime\.$/)],
  ]);
});

test('prints nothing if the older runtime is not available', async () => {
  const print = vi.fn();
  const refuse = () => Promise.reject(new EarshotError('no_electron', 'not for this system'));
  await expect(withTestRuntime({}, print, refuse)).rejects.toMatchObject({ code: 'no_electron' });
  expect(print).not.toHaveBeenCalled();
});
