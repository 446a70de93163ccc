// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { createRef } from 'react';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { APP_INFO } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { VoicePanel } from '../connection/voice-panel.tsx';
import { FirstStepsField } from './first-steps-field.tsx';

function renderPanel(info = APP_INFO) {
  return renderWindow(<VoicePanel mic={createRef()} />, {}, info);
}

describe('first steps', () => {
  test('say what Earshot does, where recordings are and which key to use, and the mic works meanwhile', async () => {
    const { voice } = renderPanel();
    await act(async () => {});
    const steps = screen.getByRole('region', { name: 'Welcome to Earshot' });
    expect(steps.textContent).toContain('on this computer only');
    expect(steps.textContent).toContain('/data/recordings');
    expect(steps.textContent).toContain('Space works like the mic.');
    fireEvent.click(screen.getByTestId('mic-button'));
    expect(voice.calls.press).toBe(1);
  });

  test.each(['first-steps-start', 'first-steps-skip'])('%s: not shown again, and the mic has the focus', async (id) => {
    const { services } = renderPanel();
    await act(async () => fireEvent.click(screen.getByTestId(id)));
    expect(screen.queryByTestId('first-steps')).toBeNull();
    expect(services.settings.getState().settings.first_steps_done).toBe(true);
    expect(document.activeElement).toBe(screen.getByTestId('mic-button'));
  });

  test('the first turn ends them', async () => {
    const { voice, services } = renderPanel();
    act(() => voice.show({ view: 'connecting' }));
    expect(screen.queryByTestId('first-steps')).toBeNull();
    expect(services.settings.getState().settings.first_steps_done).toBe(false);
    await act(async () => voice.show({ view: 'listening' }));
    act(() => voice.show({ view: 'idle' }));
    expect(screen.queryByTestId('first-steps')).toBeNull();
    expect(services.settings.getState().settings.first_steps_done).toBe(true);
  });

  test('the settings show them again', async () => {
    const onShown = vi.fn();
    const { services } = renderWindow(<FirstStepsField onShown={onShown} />);
    await services.settings.change({ first_steps_done: true });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Show the first steps' })));
    expect(onShown).toHaveBeenCalledTimes(1);
    expect(services.settings.getState().settings.first_steps_done).toBe(false);
  });

  test('while the browser hides names, the first step is the permission', async () => {
    const list = { value: [{ kind: 'audioinput', deviceId: '', label: '', groupId: '' }] };
    const stop = vi.fn();
    const mediaDevices = Object.assign(new EventTarget(), {
      enumerateDevices: async () => list.value,
      async getUserMedia() {
        list.value = [{ kind: 'audioinput', deviceId: 'y', label: 'Yeti', groupId: '' }];
        return { getTracks: () => [{ stop }] };
      },
    });
    vi.stubGlobal('navigator', Object.create(navigator, { mediaDevices: { value: mediaDevices } }));
    onTestFinished(() => void vi.unstubAllGlobals());
    renderPanel();
    await act(async () => {});
    expect(screen.queryByTestId('mic-test')).toBeNull();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Allow the microphone' })));
    expect(stop).toHaveBeenCalledTimes(1);
    expect(screen.getByTestId('mic-test')).toBeTruthy();
    expect(screen.getByTestId('microphone-name').textContent).toBe('Yeti');
  });
});

describe('microphone test', () => {
  test('a press of the mic ends it first, and starts the turn', async () => {
    const { voice, services, testMics } = renderPanel();
    fireEvent.click(screen.getByTestId('mic-test-button'));
    expect(services.micTest.getState().step).toBe('opening');
    await act(async () => void testMics[0]?.setState('ok').allow());
    expect(screen.getByTestId('mic-test').dataset.step).toBe('recording');
    await act(async () => fireEvent.click(screen.getByTestId('mic-button')));
    expect(services.micTest.getState().step).toBe('idle');
    expect([testMics[0]?.stops, voice.calls.press]).toEqual([1, 1]);
  });

  test('its button stops it', async () => {
    const { services } = renderPanel();
    fireEvent.click(screen.getByTestId('mic-test-button'));
    expect(screen.getByRole('button', { name: 'Stop the test' })).toBeTruthy();
    fireEvent.click(screen.getByTestId('mic-test-button'));
    expect(services.micTest.getState().step).toBe('idle');
  });

  test('it does not start while a turn is being finished', () => {
    const { voice, services } = renderPanel();
    act(() => voice.show({ view: 'listening' }));
    services.micTest.start();
    expect(services.micTest.getState().step).toBe('idle');
  });
});
