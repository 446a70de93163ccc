import { beforeEach, expect, test, vi } from 'vitest';
import { app, resetFake } from '../testing/fake-electron.ts';
import { setupSandbox } from './sandbox.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

test('every page runs in the sandbox', () => {
  setupSandbox();
  expect(app.sandboxed).toBe(true);
});

test('an explicit --no-sandbox stays in effect', () => {
  app.commandLine.appendSwitch('no-sandbox');
  setupSandbox();
  expect(app.sandboxed).toBe(false);
});
