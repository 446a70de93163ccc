import { expect, test, vi } from 'vitest';
import type { DesktopState } from '../../shared/desktop.ts';
import { EarshotError } from '../../shared/errors.ts';
import { fakeBridge, NO_DESKTOP } from '../testing/fakes.ts';
import { createDesktopStore } from './desktop-store.ts';

const ON: DesktopState = { ...NO_DESKTOP, shortcut: 'on' };

test('in the desktop app the state is loaded once, then updated by pushes', async () => {
  const getDesktop = vi.fn(async () => NO_DESKTOP);
  const { bridge, emit } = fakeBridge({ getDesktop });
  const store = createDesktopStore(bridge, 'desktop');
  await vi.waitFor(() => expect(store.getState().desktop).toBe(NO_DESKTOP));
  emit('onDesktop', ON);
  expect(store.getState().desktop).toBe(ON);
  expect(getDesktop).toHaveBeenCalledTimes(1);
});

test('in a tab nothing is requested and the state stays null', async () => {
  const getDesktop = vi.fn(async () => NO_DESKTOP);
  const store = createDesktopStore(fakeBridge({ getDesktop }).bridge, 'tab');
  await store.load();
  expect(getDesktop).not.toHaveBeenCalled();
  expect(store.getState()).toMatchObject({ desktop: null, error: null });
});

test('a response that arrives after a push is ignored', async () => {
  let answer: (desktop: DesktopState) => void = () => {};
  const { bridge, emit } = fakeBridge({
    getDesktop: () =>
      new Promise<DesktopState>((resolve) => {
        answer = resolve;
      }),
  });
  const store = createDesktopStore(bridge, 'desktop');
  const loading = store.load();
  emit('onDesktop', ON);
  answer(NO_DESKTOP);
  await loading;
  expect(store.getState().desktop).toBe(ON);
});

test('a failed request sets an error sentence, and the next response clears it', async () => {
  let fails = true;
  const { bridge } = fakeBridge({
    getDesktop: async () => {
      if (fails) throw new Error('gone');
      return NO_DESKTOP;
    },
  });
  const store = createDesktopStore(bridge, 'desktop');
  await store.load();
  expect(store.getState().error).toBe('The settings for this computer could not be loaded.');
  fails = false;
  await store.load();
  expect(store.getState()).toMatchObject({ desktop: NO_DESKTOP, error: null });
});

test('a rejected step shows the host’s message, any other failure a general one; a push clears both', async () => {
  const failures: unknown[] = [new EarshotError('update_busy', 'Stop the mic, then go on.'), new Error('EPIPE')];
  const steps: string[] = [];
  const { bridge, emit } = fakeBridge({
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
  emit('onDesktop', ON);
  expect(store.getState().stepError).toBeNull();
  await store.stepUpdate('download');
  expect(store.getState().stepError).toBeNull();
  expect(steps).toEqual(['install', 'install', 'download']);
});

test('a failed request to open the system settings resolves to false', async () => {
  const { bridge } = fakeBridge({ openMicrophoneSettings: () => Promise.reject(new Error('gone')) });
  expect(await createDesktopStore(bridge, 'desktop').openMicrophoneSettings()).toBe(false);
});

test('dispose unsubscribes from the bridge', async () => {
  const { bridge, emit } = fakeBridge();
  const store = createDesktopStore(bridge, 'desktop');
  await store.load();
  store.dispose();
  emit('onDesktop', ON);
  expect(store.getState().desktop).toEqual(NO_DESKTOP);
});
