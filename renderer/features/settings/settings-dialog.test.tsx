// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { EarshotError } from '../../../shared/errors.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from '../../../shared/settings.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import type { SectionId } from './sections.ts';
import { SettingsDialog } from './settings-dialog.tsx';

function renderSettings(section: SectionId = 'general') {
  const rendered = renderWindow(<SettingsDialog open section={section} onClose={() => {}} />);
  const patches: SettingsPatch[] = [];
  const change = rendered.services.settings.change;
  vi.spyOn(rendered.services.settings, 'change').mockImplementation((patch) => {
    patches.push(patch);
    return change(patch);
  });
  return { ...rendered, patches };
}

/** One microphone, as the browser lists it. */
function withMicrophone(deviceId: string, label: string): void {
  const device = { kind: 'audioinput', deviceId, label, groupId: '', toJSON: () => ({}) };
  const mediaDevices = Object.assign(new EventTarget(), { enumerateDevices: async () => [device] });
  vi.stubGlobal('navigator', Object.create(navigator, { mediaDevices: { value: mediaDevices } }));
  onTestFinished(() => void vi.unstubAllGlobals());
}

describe('settings', () => {
  test('a theme applies at once, also when chosen in another window', async () => {
    const { patches, emit } = renderSettings();
    await act(async () => fireEvent.click(screen.getByLabelText('Dark')));
    expect(patches).toEqual([{ theme: 'dark' }]);
    expect((screen.getByLabelText('Dark') as HTMLInputElement).checked).toBe(true);
    act(() => emit('onSettings', { ...DEFAULT_SETTINGS, theme: 'light', user_id: 'ada' }));
    expect((screen.getByLabelText('Light') as HTMLInputElement).checked).toBe(true);
    fireEvent.click(screen.getByRole('tab', { name: 'Recordings' }));
    expect((screen.getByLabelText('Your label') as HTMLInputElement).value).toBe('ada');
  });

  test('a theme chosen while the host is away applies here, and the dialog says that it is not saved yet', async () => {
    let hostIsAway = true;
    const changeSettings = async (patch: SettingsPatch) => {
      if (hostIsAway) throw new EarshotError('bridge_lost', 'lost');
      return { ...DEFAULT_SETTINGS, ...patch } as Settings;
    };
    const { link } = renderWindow(<SettingsDialog open onClose={() => {}} />, { changeSettings });
    act(() => link.set('down'));
    const unsaved = () => screen.getByTestId('settings-unsaved').textContent;
    expect(unsaved()).toBe('');
    await act(async () => fireEvent.click(screen.getByLabelText('Dark')));
    expect((screen.getByLabelText('Dark') as HTMLInputElement).checked).toBe(true);
    expect(unsaved()).toMatch(/not saved yet/);
    hostIsAway = false;
    await act(async () => link.set('up'));
    expect((screen.getByLabelText('Dark') as HTMLInputElement).checked).toBe(true);
    expect(unsaved()).toBe('');
  });

  test('an invalid label is explained and not saved', async () => {
    const { patches } = renderSettings('recordings');
    const label = screen.getByLabelText('Your label');
    fireEvent.change(label, { target: { value: 'ada lovelace' } });
    fireEvent.blur(label);
    expect(label.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText(/no spaces/)).toBeTruthy();
    expect(patches).toEqual([]);
    fireEvent.change(label, { target: { value: 'ada_l' } });
    await act(async () => fireEvent.keyDown(label, { key: 'Enter' }));
    expect(patches).toEqual([{ user_id: 'ada_l' }]);
  });

  test('without permission, microphones have no names, and the dialog says how to get them', async () => {
    withMicrophone('', '');
    renderSettings('microphone');
    expect(await screen.findByText(/once you have allowed the microphone/)).toBeTruthy();
  });

  test('a microphone is chosen by name and saved by ID', async () => {
    withMicrophone('usb-1', 'USB Mic');
    const { patches } = renderSettings('microphone');
    await screen.findByText('USB Mic');
    await act(async () =>
      fireEvent.change(screen.getByRole('combobox', { name: 'Microphone' }), { target: { value: 'usb-1' } }),
    );
    expect(patches).toEqual([{ microphone_id: 'usb-1', microphone_label: 'USB Mic' }]);
  });

  test.each([
    ['with a new ID, recognised by name', 'usb-1', 'USB Mic', 'USB Mic', 'usb-1', 'USB Mic'],
    ['absent, shown as not connected', 'usb-1', 'USB Mic', 'Headset', 'former', 'Headset (not connected)'],
    ['names hidden by the browser, no claim about it', '', '', 'Headset', 'former', 'Headset'],
  ])('H55 the chosen microphone: %s', async (_, id, label, chosenLabel, value, text) => {
    withMicrophone(id, label);
    const { services } = renderSettings('microphone');
    await act(async () => services.settings.change({ microphone_id: 'former', microphone_label: chosenLabel }));
    const field = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Microphone' });
    expect([field.value, field.selectedOptions[0]?.textContent]).toEqual([value, text]);
  });

  test('very short recordings are kept once the switch is on', async () => {
    const { patches } = renderSettings('recordings');
    const kept = screen.getByRole('switch', { name: 'Keep very short recordings' }) as HTMLInputElement;
    expect(kept.checked).toBe(false);
    await act(async () => fireEvent.click(kept));
    expect([patches, kept.checked]).toEqual([[{ keep_short_recordings: true }], true]);
  });

  test('shows the data folder and the version', () => {
    renderSettings('advanced');
    expect(screen.getByText('/data/earshot')).toBeTruthy();
    expect(screen.getByText(/Earshot 1\.2\.3/)).toBeTruthy();
  });
});
