import { expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { withTestRuntime } from './test-runtime.ts';

test('the older runtime goes before every other, and one line says that it is one', async () => {
  const say = vi.fn();
  const env = { HOME: '/home/someone', ELECTRON_OVERRIDE_DIST_PATH: '/mine' };
  expect(await withTestRuntime(env, say, async () => '/cache/older')).toEqual({
    HOME: '/home/someone',
    ELECTRON_OVERRIDE_DIST_PATH: '/cache/older',
  });
  expect(say.mock.calls).toEqual([
    [expect.stringMatching(/^Using Electron 25\.1\.1, an older one .*--test-runtime\.$/)],
  ]);
});

test('where it can not be had, nothing is said of it', async () => {
  const say = vi.fn();
  const refuse = () => Promise.reject(new EarshotError('no_electron', 'not for this system'));
  await expect(withTestRuntime({}, say, refuse)).rejects.toMatchObject({ code: 'no_electron' });
  expect(say).not.toHaveBeenCalled();
});
