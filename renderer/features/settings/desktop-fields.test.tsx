// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { DesktopState } from '../../../shared/desktop.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from '../../../shared/settings.ts';
import { ServicesContext } from '../../state/services.ts';
import { APP_INFO, desktopInfo, NO_DESKTOP } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import type { SectionId } from './sections.ts';
import { SettingsDialog } from './settings-dialog.tsx';

interface SectionOptions {
  section?: SectionId;
  desktop?: Partial<DesktopState>;
  settings?: Partial<Settings>;
  platform?: 'darwin' | 'win32' | 'linux';
}

async function renderSection({
  section = 'computer',
  desktop = {},
  settings = {},
  platform = 'linux',
}: SectionOptions = {}) {
  const patches: SettingsPatch[] = [];
  const rendered = await act(async () =>
    renderWindow(
      <SettingsDialog open section={section} onClose={() => {}} />,
      { getDesktop: async () => ({ ...NO_DESKTOP, ...desktop }) },
      desktopInfo(platform),
    ),
  );
  act(() => rendered.emit('onSettings', { ...DEFAULT_SETTINGS, ...settings }));
  const { change } = rendered.services.settings;
  vi.spyOn(rendered.services.settings, 'change').mockImplementation((patch) => {
    patches.push(patch);
    return change(patch);
  });
  return { ...rendered, patches };
}

const field = () => screen.getByTestId('shortcut-keys');
const press = (keys: KeyboardEventInit) => act(async () => void fireEvent.keyDown(field(), keys));
const startRecording = () => act(async () => void fireEvent.click(field()));

describe('the shortcut field', () => {
  test('records the pressed keys, shows them as the platform writes them, and saves an accelerator', async () => {
    const { patches } = await renderSection({ section: 'shortcuts', platform: 'darwin' });
    expect(field().textContent).toBe('Choose keys…');
    await startRecording();
    expect(field().getAttribute('aria-pressed')).toBe('true');
    await press({ key: 'Meta', code: 'MetaLeft', metaKey: true });
    await press({ key: 'Shift', code: 'ShiftLeft', metaKey: true, shiftKey: true });
    expect(field().textContent).toBe('⇧⌘');
    await act(async () => void fireEvent.keyUp(field(), { key: 'Shift', code: 'ShiftLeft', metaKey: true }));
    expect(field().textContent).toBe('⌘');
    await press({ key: 'M', code: 'KeyM', metaKey: true, shiftKey: true });
    expect(patches).toEqual([{ shortcut: 'CommandOrControl+Shift+M' }]);
    expect(field().textContent).toBe('⇧⌘M');
    expect(field().getAttribute('aria-pressed')).toBe('false');
  });

  test('Escape keeps the shortcut and stays in the field; Backspace removes it', async () => {
    const { patches } = await renderSection({ section: 'shortcuts', settings: { shortcut: 'F8' } });
    await startRecording();
    // Prevented, because it would close the dialog.
    expect(fireEvent.keyDown(field(), { key: 'Escape', code: 'Escape' })).toBe(false);
    await act(async () => {});
    expect(field().textContent).toBe('F8');
    await startRecording();
    await press({ key: 'Backspace', code: 'Backspace' });
    expect(patches).toEqual([{ shortcut: '' }]);
  });

  test('keys that can’t be used are explained, and the field keeps recording', async () => {
    const { patches } = await renderSection({ section: 'shortcuts' });
    await startRecording();
    await press({ key: 'm', code: 'KeyM' });
    expect(screen.getByText(/Hold Ctrl or Alt as well/)).toBeTruthy();
    await press({ key: 'x', code: 'KeyX', altKey: true });
    expect(patches).toEqual([{ shortcut: 'Alt+X' }]);
  });

  test('Tab and a change of focus stop recording; nothing is saved', async () => {
    const { patches } = await renderSection({ section: 'shortcuts' });
    await startRecording();
    // Not prevented, so that the focus moves.
    expect(fireEvent.keyDown(field(), { key: 'Tab', code: 'Tab' })).toBe(true);
    await act(async () => {});
    expect(field().getAttribute('aria-pressed')).toBe('false');
    await startRecording();
    await act(async () => void fireEvent.blur(field()));
    expect(field().getAttribute('aria-pressed')).toBe('false');
    expect(patches).toEqual([]);
  });

  test('the window’s shortcuts ignore the recorded keys, and a held Space does not press the field again', async () => {
    const { patches } = await renderSection({ section: 'shortcuts' });
    const onKeyDown = vi.fn();
    window.addEventListener('keydown', onKeyDown);
    await startRecording();
    await press({ key: 'n', code: 'KeyN', ctrlKey: true });
    await press({ key: ' ', code: 'Space', ctrlKey: true });
    expect(onKeyDown).not.toHaveBeenCalled();
    expect(patches).toEqual([{ shortcut: 'CommandOrControl+Space' }]);
    expect(fireEvent.keyDown(field(), { key: ' ', code: 'Space', ctrlKey: true, repeat: true })).toBe(false);
    window.removeEventListener('keydown', onKeyDown);
  });

  test('the current shortcut does not press the mic during recording; the field says that it is the shortcut', async () => {
    const { emit, voice, patches } = await renderSection({ section: 'shortcuts', settings: { shortcut: 'F8' } });
    await startRecording();
    act(() => emit('onMicCommand', 'toggle'));
    expect(voice.calls.press).toBe(0);
    expect(screen.getByText(/These keys are already the shortcut/)).toBeTruthy();
    await press({ key: 'Escape', code: 'Escape' });
    expect(screen.queryByText(/already the shortcut/)).toBeNull();
    act(() => emit('onMicCommand', 'toggle'));
    expect(voice.calls.press).toBe(1);
    await startRecording();
    await press({ key: 'F9', code: 'F9' });
    expect(patches).toEqual([{ shortcut: 'F9' }]);
    act(() => emit('onMicCommand', 'toggle'));
    expect(voice.calls.press).toBe(2);
  });

  test('a shortcut used by another program is reported until it is removed', async () => {
    await renderSection({ section: 'shortcuts', desktop: { shortcut: 'refused' }, settings: { shortcut: 'F8' } });
    expect(screen.getByText(/Another program or the system uses these keys/)).toBeTruthy();
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Remove the shortcut' })));
    expect(screen.queryByText(/uses these keys/)).toBeNull();
    expect(document.activeElement).toBe(field());
  });
});

describe('this computer', () => {
  test('a browser tab does not have its section, nor that of the updates', async () => {
    await act(async () => renderWindow(<SettingsDialog open onClose={() => {}} />, {}, APP_INFO));
    for (const name of ['This computer', 'Updates']) expect(screen.queryByRole('tab', { name })).toBeNull();
  });

  test('a failed request shows a sentence and a retry', async () => {
    let fails = true;
    const getDesktop = async () => {
      if (fails) throw new Error('gone');
      return NO_DESKTOP;
    };
    await act(async () =>
      renderWindow(<SettingsDialog open section="computer" onClose={() => {}} />, { getDesktop }, desktopInfo('linux')),
    );
    expect(screen.getByRole('alert').textContent).toContain('could not be loaded');
    fails = false;
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Try again' })));
    expect(screen.getByRole('switch', { name: 'Start at login' })).toBeTruthy();
  });

  test.each([
    ['Start at login', 'computer', { start_at_login: true }],
    ['Notifications', 'computer', { notifications: false }],
    ['Small window while recording', 'computer', { overlay: false }],
    ['Check for updates', 'updates', { check_for_updates: false }],
  ] as const)('%s is a switch that applies immediately', async (name, section, patch) => {
    const { patches } = await renderSection({ section });
    const control = screen.getByRole('switch', { name }) as HTMLInputElement;
    const before = control.checked;
    await act(async () => void fireEvent.click(control));
    expect(patches).toEqual([patch]);
    expect(control.checked).toBe(!before);
  });

  test('if start at login is unsupported, a sentence replaces the switch', async () => {
    await renderSection({ desktop: { login: 'unsupported' } });
    expect(screen.queryByRole('switch', { name: 'Start at login' })).toBeNull();
    expect(screen.getByTestId('no-login').textContent).toContain('Only an installed Earshot');
  });

  test('if the system’s setting differs, the switch shows the user’s choice and the hint the system’s setting', async () => {
    const { emit } = await renderSection({ desktop: { login: 'off' }, settings: { start_at_login: true } });
    const hint = /in the system’s settings/;
    const isOn = () => (screen.getByRole('switch', { name: 'Start at login' }) as HTMLInputElement).checked;
    expect(isOn()).toBe(true);
    expect(screen.getByText(hint).textContent).toBe(
      'The system does not start Earshot at login. Switch it on in the system’s settings, or switch it off and on here.',
    );
    act(() => emit('onDesktop', { ...NO_DESKTOP, login: 'on' }));
    expect(screen.queryByText(hint)).toBeNull();
    act(() => emit('onSettings', DEFAULT_SETTINGS));
    expect(screen.getByText(hint).textContent).toMatch(/^The system starts Earshot at login/);
    expect(isOn()).toBe(false);
  });

  test('the state is loaded when the dialog opens and when the window gets the focus', async () => {
    let login: DesktopState['login'] = 'off';
    const getDesktop = vi.fn(async () => ({ ...NO_DESKTOP, login }));
    const dialog = (open: boolean) => <SettingsDialog open={open} section="computer" onClose={() => {}} />;
    const { services } = await act(async () => renderWindow(dialog(false), { getDesktop }, desktopInfo('darwin')));
    const show = (open: boolean) =>
      act(async () => void render(<ServicesContext value={services}>{dialog(open)}</ServicesContext>, { container }));
    const container = document.createElement('div');
    document.body.append(container);
    const hint = () => screen.queryByText(/^The system starts Earshot at login/);
    login = 'on';
    await show(true);
    expect(hint()).toBeTruthy();
    login = 'off';
    await act(async () => void window.dispatchEvent(new Event('focus')));
    expect(hint()).toBeNull();
    await show(false);
    const callCount = getDesktop.mock.calls.length;
    await act(async () => void window.dispatchEvent(new Event('focus')));
    expect(getDesktop).toHaveBeenCalledTimes(callCount);
  });

  test.each([
    ['not_packaged', /runs from its source/],
    ['not_signed', /not signed/],
    ['unsupported', /kind of package/],
  ] as const)('without updates (%s), a sentence says why', async (why_no_updates, sentence) => {
    await renderSection({ section: 'updates', desktop: { why_no_updates } });
    expect(screen.queryByRole('switch', { name: 'Check for updates' })).toBeNull();
    expect(screen.getByTestId('no-updates').textContent).toMatch(sentence);
  });

  test('an update is shown with its next step, a failed one with a retry', async () => {
    const { emit } = await renderSection({
      section: 'updates',
      desktop: { update: { state: 'ready', version: '1.3.0' } },
    });
    const update = () => screen.getByTestId('update').textContent;
    expect(update()).toBe('Earshot 1.3.0 is ready.Restart and install');
    act(() => emit('onDesktop', { ...NO_DESKTOP, update: { state: 'failed', message: 'It did not come.' } }));
    expect(update()).toBe('It did not come.Try again');
    act(() => emit('onDesktop', NO_DESKTOP));
    expect(update()).toBe('');
  });

  test('during a turn the update button is disabled and says why', async () => {
    const { bridge, voice } = await renderSection({
      section: 'updates',
      desktop: { update: { state: 'ready', version: '1.3.0' } },
    });
    const stepUpdate = vi.spyOn(bridge, 'stepUpdate');
    const button = screen.getByTestId('update-step');
    for (const view of ['connecting', 'listening', 'reconnecting', 'stopping'] as const) {
      act(() => voice.show({ view }));
      expect(button.getAttribute('aria-disabled')).toBe('true');
      const reason = document.getElementById(button.getAttribute('aria-describedby') ?? '');
      expect(reason?.textContent).toBe('Stop the mic first.');
      await act(async () => void fireEvent.click(button));
    }
    expect(stepUpdate).not.toHaveBeenCalled();
    act(() => voice.show({ view: 'idle' }));
    await act(async () => void fireEvent.click(button));
    expect(stepUpdate).toHaveBeenCalledExactlyOnceWith('install');
  });
});
