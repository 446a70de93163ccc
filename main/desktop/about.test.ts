import { beforeEach, expect, test, vi } from 'vitest';
import { createAbout } from './about.ts';
import { clipboard, dialog, resetFake } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
beforeEach(resetFake);

test('About names what runs here, once at a time', async () => {
  const about = createAbout(async () => 'report');
  const shown = about.show();
  await about.show();
  expect(dialog.boxes).toHaveLength(1);
  const { detail } = dialog.boxes[0]?.options ?? {};
  for (const name of ['Earshot: 1.2.3', 'Electron: ', 'Chromium: ', `Node: ${process.versions.node}`, 'System: ']) {
    expect(detail).toContain(name);
  }
  dialog.boxes[0]?.press('OK');
  await shown;
  expect(clipboard.text).toBe('');
  void about.show();
  expect(dialog.boxes).toHaveLength(1);
});

test('the diagnostics are copied from About, and without it', async () => {
  const report = vi.fn(async () => 'report');
  const about = createAbout(report);
  const shown = about.show();
  dialog.boxes[0]?.press('Copy Diagnostics');
  await shown;
  expect(clipboard.text).toBe('report');
  clipboard.text = '';
  await about.copyDiagnostics();
  expect(clipboard.text).toBe('report');
  expect(report).toHaveBeenCalledTimes(2);
});
