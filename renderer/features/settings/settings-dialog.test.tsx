// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { EarshotError } from '../../../shared/errors.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from '../../../shared/settings.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import type { SectionId } from './sections.ts';
import { SettingsDialog } from './settings-dialog.tsx';
import { SettingsFileNote } from './settings-file-note.tsx';

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

describe('the sections', () => {
  const tab = (name: string) => screen.getByRole('tab', { name });
  const selected = () => screen.getByRole('tab', { selected: true }).textContent;

  test('are tabs: the arrow keys move, and one section is shown', () => {
    renderSettings();
    expect(selected()).toBe('General');
    expect(document.activeElement).toBe(tab('General'));
    fireEvent.keyDown(tab('General'), { key: 'ArrowDown' });
    expect([selected(), document.activeElement]).toEqual(['Microphone', tab('Microphone')]);
    expect(screen.queryByLabelText('Dark')).toBeNull();
    fireEvent.keyDown(tab('Microphone'), { key: 'End' });
    expect(selected()).toBe('Advanced');
    fireEvent.keyDown(tab('Advanced'), { key: 'ArrowDown' });
    expect(selected()).toBe('General');
    expect(screen.getByRole('tabpanel', { name: 'General' })).toBeTruthy();
  });

  test('follow each other with their headings in a narrow window', () => {
    vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
    onTestFinished(() => void vi.unstubAllGlobals());
    renderSettings();
    expect(screen.queryByRole('tablist')).toBeNull();
    const headings = screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent);
    expect(headings).toEqual(['General', 'Microphone', 'Recordings', 'Shortcuts', 'Advanced']);
  });
});

describe('the search', () => {
  const search = (query: string) =>
    fireEvent.change(screen.getByTestId('settings-search'), { target: { value: query } });
  const shown = () =>
    [...document.querySelectorAll('[data-testid^="field-"]')].map((field) => field.getAttribute('data-testid'));

  test('finds fields of all sections by their labels and other words, and marks the sections', () => {
    renderSettings();
    search('limit');
    expect(shown()).toEqual(['field-turn-limit']);
    search('dark mode');
    expect(shown()).toEqual(['field-theme']);
    expect(screen.getByTestId('settings-general').getAttribute('data-found')).toBe('true');
    expect(screen.getByTestId('settings-microphone').getAttribute('data-found')).toBe('false');
    expect(screen.getByText('1 setting found', { selector: '[role="status"]' })).toBeTruthy();
  });

  test('without a match says so, and offers all settings again', () => {
    renderSettings();
    search('zzz');
    expect(screen.getByTestId('settings-none').textContent).toContain('No setting matches “zzz”.');
    fireEvent.click(screen.getByRole('button', { name: 'Show all settings' }));
    expect(shown()).toContain('field-theme');
  });

  test('Escape clears it and keeps the dialog open; a tab ends it', () => {
    renderSettings();
    search('limit');
    expect(fireEvent.keyDown(screen.getByTestId('settings-search'), { key: 'Escape' })).toBe(false);
    expect(shown()).toContain('field-theme');
    // Without a search, Escape is left to the dialog.
    expect(fireEvent.keyDown(screen.getByTestId('settings-search'), { key: 'Escape' })).toBe(true);
    search('limit');
    fireEvent.click(screen.getByTestId('settings-advanced'));
    expect(shown()).toEqual(['field-windows', 'field-about', 'field-reset-all']);
  });
});

describe('resets', () => {
  const note = () => screen.getByTestId('reset-note').textContent;
  const click = (name: string) => act(async () => void fireEvent.click(screen.getByRole('button', { name })));

  test('one field: its button is there only while it differs from its default, and the reset can be undone', async () => {
    const { patches, emit } = renderSettings();
    expect(screen.queryByTestId('reset-theme')).toBeNull();
    act(() => emit('onSettings', { ...DEFAULT_SETTINGS, theme: 'dark' }));
    await click('Reset “Theme” to “System”');
    expect(patches).toEqual([{ theme: 'system' }]);
    expect(screen.queryByTestId('reset-theme')).toBeNull();
    expect(screen.getByTestId('field-theme').contains(document.activeElement)).toBe(true);
    expect(note()).toContain('“Theme” is “System” again.');
    await click('Undo');
    expect(patches[1]).toEqual({ theme: 'dark' });
    expect(note()).toBe('The settings are as before.');
  });

  test('a field that is changed again ends the note of its reset', async () => {
    const { emit } = renderSettings();
    act(() => emit('onSettings', { ...DEFAULT_SETTINGS, theme: 'dark' }));
    await click('Reset “Theme” to “System”');
    expect(note()).toContain('again');
    await act(async () => void fireEvent.click(screen.getByLabelText('Light')));
    expect(note()).toBe('');
  });

  test('a default is named as the field shows it', () => {
    const { emit } = renderSettings('shortcuts');
    act(() => emit('onSettings', { ...DEFAULT_SETTINGS, key_pause: 'F9', keep_short_recordings: true }));
    expect(screen.getByTestId('reset-key_pause').getAttribute('aria-label')).toBe(
      'Reset “Pause or continue” to “Alt+P”',
    );
    fireEvent.click(screen.getByRole('tab', { name: 'Recordings' }));
    expect(screen.getByTestId('reset-short-recordings').getAttribute('aria-label')).toBe(
      'Reset “Keep very short recordings” to “Off”',
    );
  });

  test('all: what is not in the dialog stays, and a change since then survives the undo', async () => {
    const { patches, emit, services } = renderSettings('advanced');
    expect(screen.getByTestId('reset-all')).toHaveProperty('disabled', true);
    // Neither is in the dialog of a tab.
    const other = { log_open: true, start_at_login: true };
    act(() => emit('onSettings', { ...DEFAULT_SETTINGS, ...other, theme: 'dark', key_mute: '', retention_days: 9 }));
    await click('Reset all settings');
    expect(patches).toEqual([{ theme: 'system', retention_days: 30, key_mute: 'Alt+M' }]);
    expect(note()).toContain('2 settings have their defaults again. Your recordings and their folder stay');
    await act(async () => services.settings.change({ theme: 'light' }));
    await click('Undo');
    expect(services.settings.getState().settings).toMatchObject({ theme: 'light', key_mute: '', retention_days: 9 });
  });
});

test.each([
  ['newer', /newer version of Earshot.*kept, unchanged, as \/data\/settings\.json\.newer-1$/],
  ['damaged', /was damaged/],
] as const)('a settings file that is %s is said once, with its place', async (kind, sentence) => {
  const { services } = renderWindow(<SettingsFileNote />);
  expect(screen.queryByTestId('settings-file-note')).toBeNull();
  act(() => services.settings.setState({ problem: { kind, file: `/data/settings.json.${kind}-1` } }));
  expect(screen.getByTestId('settings-file-note').textContent).toMatch(sentence);
  await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Dismiss' })));
  expect(screen.queryByTestId('settings-file-note')).toBeNull();
});
