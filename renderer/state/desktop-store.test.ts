import { expect, test, vi } from 'vitest';
import type { DesktopState } from '../../shared/desktop.ts';
import { EarshotError } from '../../shared/errors.ts';
import { fakeBridge, NO_DESKTOP } from '../testing/fakes.ts';
import { createDesktopStore } from './desktop-store.ts';

const ON: DesktopState = { ...NO_DESKTOP, shortcut: 'on' };

test('in the desktop app it is asked for once, and renewed by what the host tells', async () => {
  const getDesktop = vi.fn(async () => NO_DESKTOP);
  const { bridge, tell } = fakeBridge({ getDesktop });
  const store = createDesktopStore(bridge, 'desktop');
  await vi.waitFor(() => expect(store.getState().desktop).toBe(NO_DESKTOP));
  tell('onDesktop', ON);
  expect(store.getState().desktop).toBe(ON);
  expect(getDesktop).toHaveBeenCalledTimes(1);
});

test('in a tab nothing is asked, and there is nothing', async () => {
  const getDesktop = vi.fn(async () => NO_DESKTOP);
  const store = createDesktopStore(fakeBridge({ getDesktop }).bridge, 'tab');
  await store.load();
  expect(getDesktop).not.toHaveBeenCalled();
  expect(store.getState()).toMatchObject({ desktop: null, error: null });
});

test('an answer that comes after the news does not undo them', async () => {
  let answer: (desktop: DesktopState) => void = () => {};
  const { bridge, tell } = fakeBridge({
    getDesktop: () =>
      new Promise<DesktopState>((resolve) => {
        answer = resolve;
      }),
  });
  const store = createDesktopStore(bridge, 'desktop');
  const asked = store.load();
  tell('onDesktop', ON);
  answer(NO_DESKTOP);
  await asked;
  expect(store.getState().desktop).toBe(ON);
});

test('a host that can not be asked is a sentence, and the next answer clears it', async () => {
  let broken = true;
  const { bridge } = fakeBridge({
    getDesktop: async () => {
      if (broken) throw new Error('gone');
      return NO_DESKTOP;
    },
  });
  const store = createDesktopStore(bridge, 'desktop');
  await store.load();
  expect(store.getState().error).toBe('The settings for this computer could not be loaded.');
  broken = false;
  await store.load();
  expect(store.getState()).toMatchObject({ desktop: NO_DESKTOP, error: null });
});

test('a step that is refused says why in the host’s words; any other failure in ours; news clear both', async () => {
  const failures: unknown[] = [new EarshotError('update_busy', 'Stop the mic, then go on.'), new Error('EPIPE')];
  const steps: string[] = [];
  const { bridge, tell } = fakeBridge({
    stepUpdate: async (step) => {
      steps.push(step);
      if (failures.length > 0) throw failures.shift();
    },
  });
  const store = createDesktopStore(bridge, 'desktop');
  expect(store.getState().stepped).toBe(false);
  await store.stepUpdate('install');
  expect(store.getState()).toMatchObject({ stepError: 'Stop the mic, then go on.', stepped: true });
  await store.stepUpdate('install');
  expect(store.getState().stepError).toBe('The update failed. Try again.');
  tell('onDesktop', ON);
  expect(store.getState().stepError).toBeNull();
  await store.stepUpdate('download');
  expect(store.getState().stepError).toBeNull();
  expect(steps).toEqual(['install', 'install', 'download']);
});

test('a system page that can not be asked for did not open', async () => {
  const { bridge } = fakeBridge({ openMicrophoneSettings: () => Promise.reject(new Error('gone')) });
  expect(await createDesktopStore(bridge, 'desktop').openMicrophoneSettings()).toBe(false);
});

test('disposed, it lets go of the bridge', async () => {
  const { bridge, tell } = fakeBridge();
  const store = createDesktopStore(bridge, 'desktop');
  await store.load();
  store.dispose();
  tell('onDesktop', ON);
  expect(store.getState().desktop).toEqual(NO_DESKTOP);
});
