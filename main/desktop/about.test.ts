import { beforeEach, expect, test, vi } from 'vitest';
import { clipboard, dialog, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { createAbout } from './about.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

const copied = () => vi.waitFor(() => expect(dialog.boxes[0]?.options.message).toBe('Copied'));

test('About shows the versions, in one box at a time', async () => {
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

test('the diagnostics are copied from About and from the menu', async () => {
  const report = vi.fn(async () => 'report');
  const about = createAbout(report);
  const shown = about.show();
  dialog.boxes[0]?.press('Copy Diagnostics');
  await copied();
  expect(clipboard.text).toBe('report');
  dialog.boxes[0]?.press('OK');
  await shown;
  clipboard.text = '';
  void about.copyDiagnostics();
  await copied();
  expect(clipboard.text).toBe('report');
  expect(report).toHaveBeenCalledTimes(2);
});

test('copying again while the confirmation is open copies new diagnostics and opens no second box', async () => {
  let reports = 0;
  const about = createAbout(async () => `report ${++reports}`);
  const first = about.copyDiagnostics();
  await copied();
  await about.copyDiagnostics();
  expect(clipboard.text).toBe('report 2');
  expect(dialog.boxes).toHaveLength(1);
  dialog.boxes[0]?.press('OK');
  await first;
  void about.copyDiagnostics();
  await copied();
  expect(dialog.boxes).toHaveLength(1);
});

test.each([
  ['linux', true],
  ['win32', true],
  ['darwin', false],
] as const)('on %s the box belongs to the focused window: %s', (platform, belongs) => {
  const window = openFakeWindow();
  window.focus();
  const icon = { icon: '/opt/earshot/icon.png' };
  void createAbout(async () => '', icon, platform).show();
  expect(dialog.boxes[0]?.window).toBe(belongs ? window : null);
  expect(dialog.boxes[0]?.options).toMatchObject({ title: 'About Earshot', ...icon });
});
