// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { createRef, Profiler } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { ProblemCode } from '../../connection/problems.ts';
import { APP_INFO, desktopInfo, recording } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { text } from '../../text/text.ts';
import type { VoiceSnapshot, VoiceView } from '../../voice/voice-client.ts';
import { VoicePanel } from './voice-panel.tsx';

function renderPanel(calls: Parameters<typeof renderWindow>[1] = {}, info = APP_INFO) {
  const rendered = renderWindow(<VoicePanel mic={createRef()} />, calls, info);
  const show = (change: Partial<VoiceSnapshot>) => act(() => rendered.voice.show(change));
  return { ...rendered, show, mic: screen.getByTestId('mic-button') };
}

describe('mic button', () => {
  test('has the focus at the start', () => {
    const { mic } = renderPanel();
    expect(document.activeElement).toBe(mic);
    expect(mic.tagName).toBe('BUTTON');
  });

  test('H13 in StrictMode a click is one press', () => {
    const { mic, voice } = renderPanel();
    fireEvent.click(mic);
    expect(voice.calls.press).toBe(1);
    expect(voice.listeners.size).toBe(1);
  });

  test('H12 every click is a press, whatever the view', () => {
    const { mic, voice, show } = renderPanel();
    const views: VoiceView[] = ['connecting', 'listening', 'stopping', 'reconnecting', 'error', 'idle'];
    for (const view of views) {
      show({ view });
      fireEvent.click(mic);
    }
    expect(voice.calls.press).toBe(views.length);
  });

  test('aria-pressed is true exactly while a turn is active, and the name never changes', () => {
    const { mic, show } = renderPanel();
    const pressed = (['idle', 'connecting', 'listening', 'reconnecting', 'stopping', 'error'] as const).map((view) => {
      show({ view });
      return mic.getAttribute('aria-pressed');
    });
    expect(pressed).toEqual(['false', 'true', 'true', 'true', 'false', 'false']);
    expect(mic.getAttribute('aria-label')).toBe('Microphone');
  });

  test('pause and mute are named for what they will do, and are not also toggles', () => {
    const { show } = renderPanel();
    const names = [false, true].map((on) => {
      show({ view: 'listening', micLive: true, muted: on, pausedAt: on ? 1 : null });
      return ['pause', 'mute'].map((id) => {
        const button = screen.getByTestId(id);
        return [button.textContent, button.hasAttribute('aria-pressed')];
      });
    });
    expect(names).toEqual([
      [
        ['Pause', false],
        ['Mute', false],
      ],
      [
        ['Continue', false],
        ['Unmute', false],
      ],
    ]);
  });

  test('each state has its own icon or text, not only a colour', () => {
    const { mic, show } = renderPanel();
    const icons = (['idle', 'connecting', 'listening', 'reconnecting', 'stopping', 'error'] as const).map((view) => {
      show({ view });
      return `${mic.querySelector('.mic-glyph')?.innerHTML}|${screen.getByTestId('status').textContent}`;
    });
    expect(new Set(icons).size).toBe(6);
  });
});

describe('problems', () => {
  test.each(Object.keys(text.problems) as ProblemCode[])(
    'H44 %s: what happened, what to do, and a retry',
    (problem) => {
      const { show, voice, mic } = renderPanel();
      show({ view: 'error', problem });
      const { title, action } = text.problems[problem];
      const where = problem === 'mic_denied' ? ` ${text.problems.mic_denied.where.tab}` : '';
      expect(screen.getByTestId('problem').textContent).toBe(title + action + where);
      screen.getByTestId('retry').focus();
      fireEvent.click(screen.getByTestId('retry'));
      expect(voice.calls.press).toBe(1);
      show({ view: 'connecting', problem: null });
      expect(document.activeElement).toBe(mic);
    },
  );

  test.each(['darwin', 'win32'] as const)('H44 on %s the desktop app opens the system settings', async (platform) => {
    const openMicrophoneSettings = vi.fn(async () => true);
    const { show, mic } = renderPanel({ openMicrophoneSettings }, desktopInfo(platform));
    const { title, action } = text.problems.mic_denied;
    show({ view: 'error', problem: 'mic_denied' });
    const open = screen.getByRole('button', { name: 'Open system settings' });
    open.focus();
    await act(async () => void fireEvent.click(open));
    expect(openMicrophoneSettings).toHaveBeenCalledTimes(1);
    expect(screen.getByTestId('problem').textContent).toBe(title + action);
    show({ view: 'connecting', problem: null });
    expect(document.activeElement).toBe(mic);
  });

  test('H44 if the system settings did not open, the text and the announcement say where to look', async () => {
    const { show, container } = renderPanel({ openMicrophoneSettings: async () => false }, desktopInfo('darwin'));
    show({ view: 'error', problem: 'mic_denied' });
    await act(async () => void fireEvent.click(screen.getByTestId('open-microphone-settings')));
    const expected = `Earshot could not open the settings. ${text.problems.mic_denied.where.darwin}`;
    expect(screen.getByTestId('problem').textContent).toContain(expected);
    expect(container.querySelector('[aria-live="polite"]')?.textContent).toContain(expected);
  });

  test('H44 without such a settings page the text says where to look; other problems have no such button', () => {
    const { show } = renderPanel({}, desktopInfo('linux'));
    show({ view: 'error', problem: 'mic_denied' });
    expect(screen.getByTestId('problem').textContent).toContain(text.problems.mic_denied.where.linux);
    expect(screen.queryByTestId('open-microphone-settings')).toBeNull();
    show({ problem: 'mic_missing' });
    expect(screen.getByTestId('problem').textContent).not.toContain(text.problems.mic_denied.where.linux);
  });

  test('“Try now” ends the wait for a reconnect', () => {
    const { show, voice } = renderPanel();
    show({ view: 'reconnecting', micLive: true, retryAt: performance.now() + 60_000 });
    fireEvent.click(screen.getByTestId('retry-now'));
    expect(voice.calls).toMatchObject({ press: 0, retryNow: 1 });
    show({ retryAt: null });
    expect(screen.queryByTestId('retry-now')).toBeNull();
  });

  test('H21 with the breaker open there is a countdown, and “Try now” retries at once', () => {
    const { show, voice, container } = renderPanel();
    const now = performance.now();
    const waiting = { retryAt: now + 11_500, keptUntil: now + 20_500 };
    show({ view: 'reconnecting', micLive: true, breakerOpen: true, ...waiting });
    const status = screen.getByTestId('status');
    expect(status.textContent).toContain('The voice server does not answer');
    expect(status.textContent).toMatch(/Trying again in 12\ss\. What you say is kept for 21\ss more\./);
    expect(container.querySelector('[aria-live="polite"]')?.textContent).not.toMatch(/in \d+\ss/);
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(voice.calls.retryNow).toBe(1);
  });

  test('when the countdown ends and “Try now” disappears, its focus moves to the mic button', () => {
    const { show, mic } = renderPanel();
    show({ view: 'reconnecting', micLive: true, retryAt: performance.now() + 1_000 });
    screen.getByTestId('retry-now').focus();
    show({ failures: 2 });
    expect(document.activeElement).toBe(screen.getByTestId('retry-now'));
    show({ retryAt: null });
    expect(document.activeElement).toBe(mic);
  });

  test('H17 a restored connection is no warning, and is announced politely', () => {
    const { show, container } = renderPanel();
    show({ view: 'listening', resumes: 1 });
    const recovery = () => screen.getByTestId('loss');
    expect([recovery().dataset.tone, recovery().textContent?.trim()]).toEqual([
      'good',
      'The connection broke and was restored; nothing was lost.',
    ]);
    expect(container.querySelector('[aria-live="polite"]')?.textContent).toContain('nothing was lost.');
    show({ lostMs: 3_200 });
    expect(recovery().dataset.tone).toBe('loss');
    expect(recovery().textContent).toContain('about 3.2\u00a0s were lost.');
  });

  test('a change of view is announced politely, once, without a countdown', () => {
    const { show, container } = renderPanel();
    const live = container.querySelector('[aria-live="polite"]');
    show({ view: 'reconnecting', micLive: true, retryAt: performance.now() + 3_000 });
    expect(live?.textContent?.trim()).toBe('Connection lost. Trying again… What you say is kept.');
  });
});

describe('H59 unsaved audio', () => {
  const second = (mic: number) => ({ mic, frames: Array.from({ length: 50 }, () => new Int16Array(320)) });
  const card = () => screen.queryByTestId('unsaved-audio');

  test('is offered as a file, idle and during the next turn, and the page asks before it closes', () => {
    const { show, voice, services } = renderPanel();
    expect([card(), services.holdsAudio()]).toEqual([null, false]);
    show({ view: 'error', problem: 'server_gone', lostMs: 1_000, undeliveredMs: 1_000 });
    act(() => voice.emitUndelivered(second(1)));
    expect(card()?.textContent).toContain('0:01 is not saved');
    expect(card()?.textContent).toContain('It is only in this window.');
    expect(screen.getByRole('alert').textContent).toContain('0:01 is not saved');
    expect([services.holdsAudio(), screen.queryByTestId('loss')]).toEqual([true, null]);
    show({ view: 'listening', problem: null, lostMs: 0, undeliveredMs: 0 });
    act(() => voice.emitUndelivered(second(2)));
    expect(card()?.textContent).toContain('0:02 is not saved');
  });

  test('is offered until it is dismissed, even after saving', () => {
    const { voice, services, mic } = renderPanel();
    const save = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    act(() => voice.emitUndelivered(second(1)));
    fireEvent.click(screen.getByRole('button', { name: 'Save as a file' }));
    expect(save).toHaveBeenCalledTimes(1);
    expect(card()?.textContent).toMatch(/Do you have the file\?0:01 as earshot-audio-\S+\.wav/);
    expect(services.holdsAudio()).toBe(false);
    expect(screen.getByRole('button', { name: 'Save again' })).toBeTruthy();
    const dismiss = screen.getByTestId('unsaved-audio-dismiss');
    expect(dismiss.textContent).toBe('Dismiss');
    dismiss.focus();
    fireEvent.click(dismiss);
    expect([card(), document.activeElement]).toEqual([null, mic]);
    save.mockRestore();
  });

  test('counts as lost once it is discarded', () => {
    const { show, voice } = renderPanel();
    show({ view: 'idle', lostMs: 1_000, undeliveredMs: 1_000 });
    act(() => voice.emitUndelivered(second(1)));
    expect(screen.queryByTestId('loss')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
    expect(screen.getByTestId('loss').textContent).toContain('About 1.0\u00a0s were lost.');
  });
});

describe('H58 a turn that ended in an outage', () => {
  test('is shown as finishing, without instruments, and the mic starts the next turn', () => {
    const { show, voice, mic } = renderPanel();
    show({ view: 'stopping', finishing: 1, triesUntil: performance.now() + 20_000, sessionId: 's1' });
    expect(screen.getByTestId('status').textContent).toContain('Finishing the last recording…');
    expect(screen.getByTestId('status').textContent).toMatch(/It is kept for 20\ss more\./);
    expect([screen.queryByTestId('elapsed'), mic.dataset.state]).toEqual([null, 'idle']);
    fireEvent.click(mic);
    expect(voice.calls.press).toBe(1);
    show({ view: 'reconnecting', micLive: true, turnsWaiting: 1, keptUntil: performance.now() + 30_000 });
    expect(screen.getByTestId('status').textContent).toContain('The last recording waits as well.');
    expect(screen.queryByTestId('elapsed')).not.toBeNull();
  });
});

describe('while listening', () => {
  test('the clock shows the time since listening began', () => {
    const { show } = renderPanel();
    show({ view: 'listening', listeningSince: performance.now() - 65_400 });
    expect(screen.getByTestId('elapsed').textContent).toBe('1:05');
  });

  test.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('H60 setting the wall clock %s by an hour changes neither the elapsed time nor a countdown', (_, step) => {
    vi.useFakeTimers();
    const { show } = renderPanel();
    const setClock = () => vi.setSystemTime(Date.now() + step);
    const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));
    setClock();
    show({ view: 'listening', micLive: true, listeningSince: performance.now() });
    wait(2_000);
    setClock();
    wait(1_000);
    expect(screen.getByTestId('elapsed').textContent).toBe('0:03');
    wait(900);
    show({ view: 'reconnecting', retryAt: performance.now() + 12_000 });
    expect(screen.getByTestId('status').textContent).toContain('Trying again in 12\u00a0s.');
    wait(2_000);
    setClock();
    wait(1_000);
    expect(screen.getByTestId('status').textContent).toContain('Trying again in 9\u00a0s.');
    expect(screen.getByTestId('elapsed').textContent).toBe('0:06');
    vi.useRealTimers();
  });

  test('the session ID is shortened, with the full ID as its title', () => {
    const { show } = renderPanel();
    show({ view: 'listening', sessionId: 'abcdefghijklmnop' });
    expect(screen.getByTestId('session-id').textContent).toBe('abcdefgh…');
    expect(screen.getByTestId('session-id').title).toBe('abcdefghijklmnop');
  });

  test('React renders nothing while levels arrive; the meter shows a word, and the figures in its tooltip', async () => {
    const onRender = vi.fn();
    const { voice } = renderWindow(
      <Profiler id="panel" onRender={onRender}>
        <VoicePanel mic={createRef()} />
      </Profiler>,
    );
    act(() => voice.show({ view: 'listening', micLive: true }));
    const meter = screen.getByTestId('meter');
    const word = screen.getByTestId('meter-word');
    expect([word.textContent, word.dataset.level]).toEqual(['no sound', 'none']);
    onRender.mockClear();
    for (let i = 0; i < 50; i++) voice.emitLevel(-18.2);
    await vi.waitFor(() => expect([word.textContent, word.dataset.level]).toEqual(['good level', 'good']));
    await vi.waitFor(() => expect(meter.title).toBe('good level, peak −18.2 dBFS'));
    expect(meter.getAttribute('aria-valuetext')).toBe(meter.title);
    expect(meter.getAttribute('aria-valuenow')).toBe('-18');
    expect(screen.getByTestId('meter-clip').dataset.clipped).toBe('false');
    voice.emitLevel(0);
    await vi.waitFor(() => expect(screen.getByTestId('meter-clip').dataset.clipped).toBe('true'));
    expect(word.textContent).toBe('too loud');
    expect(onRender).not.toHaveBeenCalled();
    expect(meter.getAttribute('role')).toBe('meter');
    expect([meter.getAttribute('aria-valuemin'), meter.getAttribute('aria-valuemax')]).toEqual(['-60', '0']);
  });
});

describe('after a turn', () => {
  test('every recording of the turn is shown until the next press', () => {
    const { show, emit } = renderPanel();
    show({ view: 'connecting' });
    show({ view: 'listening', sessionId: 's1' });
    show({ sessionId: 's2', newSessions: 1, lostMs: 300 });
    show({ view: 'idle', sessionId: null });
    act(() => {
      emit('onRecordingSaved', recording({ id: 'one', session_id: 's1' }));
      emit('onRecordingSaved', recording({ id: 'two', session_id: 's2', gaps: [{ at_s: 3, seconds: 0.3 }] }));
      emit('onRecordingSaved', recording({ id: 'foreign', session_id: 'x' }));
    });
    const cards = screen.getAllByTestId('recording').map((card) => card.textContent);
    expect(cards).toHaveLength(2);
    expect(cards[0]).toContain('Recording saved, 0:12');
    expect(cards[0]).toContain('good level');
    expect(screen.getAllByTitle('Peak −3.2 · RMS −21.4 dBFS')).toHaveLength(2);
    expect(cards[1]).toContain('0.3\u00a0s missing at 0:03');
    expect(screen.getByTestId('loss').textContent).toContain('about 0.3\u00a0s were lost');

    show({ view: 'connecting', newSessions: 0, lostMs: 0 });
    expect(screen.queryAllByTestId('recording')).toEqual([]);
  });

  test('a recording that failed is reported during and after the turn, until the next press', () => {
    const { show, emit } = renderPanel();
    const fail = (session_id: string, message: string) =>
      act(() => emit('onRecordingFailed', { session_id, code: 'disk_full', message }));
    show({ view: 'connecting' });
    show({ view: 'listening', sessionId: 's1' });
    fail('foreign', 'Not ours.');
    expect(screen.queryByTestId('recording-failed')).toBeNull();
    fail('s1', 'The disk is full. Make room.');
    const expected = 'Not everything was savedThe disk is full. Make room.';
    expect(screen.getByTestId('recording-failed').textContent).toBe(expected);
    show({ view: 'stopping' });
    show({ view: 'idle', sessionId: null });
    expect(screen.getByTestId('recording-failed').textContent).toBe(expected);
    show({ view: 'connecting' });
    expect(screen.queryByTestId('recording-failed')).toBeNull();
  });

  test('a recording that fails after the next turn began is reported during that turn', () => {
    const { show, emit } = renderPanel();
    show({ view: 'connecting' });
    show({ view: 'listening', sessionId: 's1' });
    show({ view: 'idle', sessionId: null });
    show({ view: 'connecting' });
    show({ view: 'listening', sessionId: 's2' });
    act(() => emit('onRecordingFailed', { session_id: 's1', code: 'disk_full', message: 'The disk is full.' }));
    expect(screen.getByTestId('recording-failed').textContent).toContain('The disk is full.');
  });

  test('a recording that was too short is reported politely until the next press', () => {
    const { show, emit } = renderPanel();
    show({ view: 'connecting' });
    show({ view: 'listening', sessionId: 's1' });
    show({ view: 'idle', sessionId: null });
    act(() => emit('onRecordingDiscarded', { session_id: 's1', turn: 1, duration_s: 0.18 }));
    const note = screen.getByTestId('recording-discarded');
    expect(note.textContent).toBe('Too short to keep (0.2\u00a0s).');
    expect(screen.getByText(/^Too short to keep/, { selector: '[role="status"]' })).toBeTruthy();
    expect([screen.queryByTestId('recording'), screen.queryByRole('alert')]).toEqual([null, null]);
    show({ view: 'connecting' });
    show({ view: 'idle' });
    expect(screen.queryByTestId('recording-discarded')).toBeNull();
  });

  test('H61 recordings do not play while the microphone is on, and their description says why', () => {
    const { show, emit } = renderPanel();
    show({ view: 'connecting' });
    show({ view: 'listening', sessionId: 's1' });
    show({ view: 'idle' });
    act(() => emit('onRecordingSaved', recording()));
    const play = () => screen.getByTestId('recording-play');
    expect([play().getAttribute('aria-disabled'), play().getAttribute('aria-description')]).toEqual([null, null]);
    // The next turn is finishing, and its microphone is still being flushed.
    show({ view: 'stopping', micLive: true });
    show({ view: 'idle' });
    expect(play().getAttribute('aria-disabled')).toBe('true');
    expect(play().getAttribute('aria-description')).toBe('Recordings play when the microphone is off');
    show({ micLive: false });
    expect(play().getAttribute('aria-disabled')).toBeNull();
  });

  test('H50 while the disk is full the panel says that audio is in memory only, until it is written', () => {
    const { show, emit } = renderPanel();
    show({ view: 'listening', sessionId: 's1' });
    const delay = (session_id: string, message: string | null) =>
      act(() => emit('onRecordingDelayed', { session_id, message }));
    delay('foreign', 'Not ours.');
    expect(screen.queryByTestId('recording-delayed')).toBeNull();
    delay('s1', 'The disk is full. Free some space.');
    expect(screen.getByTestId('recording-delayed').textContent).toContain('The disk is full. Free some space.');
    delay('s1', null);
    expect(screen.queryByTestId('recording-delayed')).toBeNull();
  });

  test('a recording that cannot be read shows a sentence and a retry', async () => {
    const { show, emit } = renderPanel({ getRecordingUrl: () => Promise.reject(new Error('gone')) });
    show({ view: 'connecting', sessionId: 's1' });
    show({ view: 'idle' });
    act(() => emit('onRecordingSaved', recording()));
    fireEvent.click(screen.getByTestId('recording-play'));
    expect((await screen.findByRole('alert')).textContent).toContain('could not be played');
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});
