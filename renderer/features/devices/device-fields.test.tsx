// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { createRef } from 'react';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { NO_PROCESSING } from '../../capture/audio-processing.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { VoicePanel } from '../connection/voice-panel.tsx';
import { OutputField } from './output-field.tsx';
import { ProcessingFields } from './processing-fields.tsx';

const device = (kind: MediaDeviceKind, deviceId: string, label: string) => ({ kind, deviceId, label, groupId: '' });
const channels = (max: number) => ({ getCapabilities: () => ({ channelCount: { max } }) });

function withDevices(list: object[], more: object = {}): void {
  const mediaDevices = Object.assign(new EventTarget(), { enumerateDevices: async () => list, ...more });
  vi.stubGlobal('navigator', Object.create(navigator, { mediaDevices: { value: mediaDevices } }));
  onTestFinished(() => void vi.unstubAllGlobals());
}

describe('in the voice panel', () => {
  test('a microphone is chosen by name, also during a turn', async () => {
    withDevices([device('audioinput', 'b', 'Built-in'), device('audioinput', 'y', 'Yeti')]);
    const { services, voice } = renderWindow(<VoicePanel mic={createRef()} />);
    await act(async () => {});
    const picker = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Microphone' });
    expect(picker.selectedOptions[0]?.textContent).toBe('System default (Built-in)');
    act(() => voice.show({ view: 'listening', microphone: { label: 'Built-in', status: 'ok', instead_of: null } }));
    await act(async () => fireEvent.change(picker, { target: { value: 'y' } }));
    const { settings } = services.settings.getState();
    expect([settings.microphone_id, settings.microphone_label]).toEqual(['y', 'Yeti']);
    expect(screen.getByTestId('microphone-name').textContent, 'until it is in use').toBe('Built-in');
  });

  test('the channel stands there for a device with more than two, or if one was chosen', async () => {
    withDevices([
      { ...device('audioinput', 'm', 'Mixer'), ...channels(4) },
      { ...device('audioinput', 's', 'Stereo'), ...channels(2) },
    ]);
    const { services } = renderWindow(<VoicePanel mic={createRef()} />);
    await act(async () => {});
    const channel = () => screen.queryByRole<HTMLSelectElement>('combobox', { name: 'Channel' });
    await act(async () => fireEvent.change(channel() as HTMLSelectElement, { target: { value: '3' } }));
    expect(services.settings.getState().settings.microphone_channel).toBe(3);
    expect(screen.getByTestId('channel-name').textContent).toBe('Channel 3');
    await act(async () => services.settings.change({ microphone_id: 's', microphone_channel: 0 }));
    expect(channel()).toBeNull();
    await act(async () => services.settings.change({ microphone_channel: 2 }));
    expect(screen.getByTestId('channel-name').textContent).toBe('Right channel');
  });

  test('hidden names are said, and a refusal as well', async () => {
    withDevices([device('audioinput', '', '')], {
      getUserMedia: async () => Promise.reject(new DOMException('', 'NotAllowedError')),
    });
    const { services } = renderWindow(<VoicePanel mic={createRef()} />);
    await act(async () => services.settings.change({ first_steps_done: true }));
    expect(screen.getByText(/have names here once you have allowed/)).toBeTruthy();
    await act(async () => fireEvent.click(screen.getByTestId('allow-microphone')));
    expect(screen.getByText(/Earshot may not use the microphone\./)).toBeTruthy();
  });
});

describe('sound processing', () => {
  test('each switch changes its setting, and says what the browser reports instead', async () => {
    withDevices([]);
    const { services } = renderWindow(<ProcessingFields />);
    const noise = screen.getByRole<HTMLInputElement>('switch', { name: 'Noise suppression' });
    expect(noise.checked).toBe(false);
    await act(async () => fireEvent.click(noise));
    expect(services.settings.getState().settings.noise_suppression).toBe(true);
    const asked = { ...NO_PROCESSING, noiseSuppression: true };
    act(() => services.microphones.setOpened({ label: 'Yeti', asked, effective: { noiseSuppression: false } }));
    expect(screen.getByText(/The browser reports that it is off for Yeti\./)).toBeTruthy();
  });

  test('a switch that the browser does not have says so', () => {
    withDevices([], { getSupportedConstraints: () => ({ echoCancellation: true, noiseSuppression: true }) });
    renderWindow(<ProcessingFields />);
    expect(screen.getAllByText(/This browser has no such switch\./)).toHaveLength(1);
  });
});

describe('output device', () => {
  test('a browser that can’t choose one says so', () => {
    vi.stubGlobal('HTMLMediaElement', class {});
    withDevices([]);
    renderWindow(<OutputField />);
    expect(screen.getByTestId<HTMLSelectElement>('output-device').disabled).toBe(true);
    expect(screen.getByText(/on the system’s default device only/)).toBeTruthy();
  });

  test('a chosen one that is missing is said, and stays chosen', async () => {
    vi.stubGlobal(
      'HTMLMediaElement',
      class {
        setSinkId() {}
      },
    );
    withDevices([device('audiooutput', 's', 'Speakers')]);
    const { services } = renderWindow(<OutputField />);
    await act(async () => services.settings.change({ output_id: 'h', output_label: 'Headphones' }));
    const field = screen.getByTestId<HTMLSelectElement>('output-device');
    expect(field.selectedOptions[0]?.textContent).toBe('Headphones (not connected)');
    expect(screen.getByText(/Headphones is not connected\. Recordings play on/)).toBeTruthy();
  });
});
