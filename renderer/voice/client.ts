import type { Bridge, Unsubscribe, VoiceAddress } from '../../shared/bridge.ts';
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  INITIAL_STATE,
  reduce,
  type TimerName,
  viewOf,
} from '../../shared/connection-state.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { Log } from '../../shared/log-event.ts';
import { type MicProblem, PROBLEMS } from '../../shared/problems.ts';
import { CLOSE, type ClientMessage, PROTOCOL, parseRetryAfter, TOKEN_PREFIX } from '../../shared/protocol.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Microphone, openMicrophone } from './microphone.ts';
import { OutgoingAudio } from './outgoing-audio.ts';
import type { Level, VoiceClient, VoiceSnapshot } from './voice-client.ts';
import { openVoiceSocket, type VoiceSocket } from './voice-socket.ts';

/**
 * A microphone that takes longer than this (ms) to come is waiting for a person to allow it. One that is allowed takes
 * 100 to 300 ms, so that the hint does not flash at every press.
 */
const ASKING_AFTER_MS = 700;
/** One line about the audio a second, as on the server's side. */
const SUMMARY_MS = 1_000;

export interface VoiceClientOptions {
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>;
  openMicrophone: typeof openMicrophone;
  log: Log;
  settings: () => Pick<Settings, 'user_id' | 'microphone_id'>;
  /** For tests: how a socket is made, and what decides the jitter. */
  createSocket?: (url: string, protocols: string[]) => WebSocket;
  random?: () => number;
}

/** The thin driver of the state machine in `shared/connection-state.ts`: effects out, events in, no decisions. */
export function createVoiceClient(options: VoiceClientOptions): VoiceClient {
  const { bridge, log, random = Math.random } = options;
  const createSocket = options.createSocket ?? ((url, protocols) => new WebSocket(url, protocols));
  const audio = new OutgoingAudio();
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(level: Level) => void>();
  const timers = new Map<TimerName, ReturnType<typeof setTimeout>>();
  const queue: ConnectionEvent[] = [];

  let state: ConnectionState = INITIAL_STATE;
  let snapshot = pictureOf(state, {
    retryAt: null,
    listeningSince: null,
    lostMs: 0,
    askingForMic: false,
    newSessions: 0,
  });
  let listeningSince: number | null = null;
  let retryAt: number | null = null;
  /** How many of the losses of this press were mended by a new session; the last one may not be, yet. */
  let newSessions = 0;
  let socket: VoiceSocket | null = null;
  let microphone: Microphone | null = null;
  let address: VoiceAddress | null = null;
  let summary: { stop(): void } | null = null;
  let asking = false;
  let askingTimer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let disposed = false;

  // Known before the first press, so that a press opens its socket in its own tick.
  const unsubscribe = bridge.onVoiceAddress((next) => {
    address = next;
  });
  void refreshAddress();

  /** Asks the host where the voice server is. Keeps what was known where the host does not answer. */
  async function refreshAddress(): Promise<VoiceAddress | null> {
    try {
      address = await bridge.getVoiceAddress();
    } catch (error) {
      log('WARNING', { type: 'no_voice_address', detail: describeError(error) });
    }
    return address;
  }

  /** Events are handled one after the other, also those that an effect causes. */
  function dispatch(event: ConnectionEvent): void {
    queue.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const before = state;
        const step = reduce(state, next);
        state = step.state;
        for (const effect of step.effects) carryOut(effect);
        if (state !== before) changed(before);
      }
    } finally {
      busy = false;
    }
  }

  function changed(before: ConnectionState): void {
    const view = viewOf(state);
    if (view === 'listening') listeningSince ??= Date.now();
    else listeningSince = null;
    if (state.link !== 'waiting') retryAt = null;
    if (state.broken === 0) newSessions = 0;
    if (state.sessionId !== null && state.sessionId !== before.sessionId) {
      newSessions = state.broken;
      log('WS_CONNECTED', { session: state.sessionId });
    }
    if (view !== viewOf(before)) log('VOICE_CHANGED', { state: view });
    if (state.problem !== null && state.problem !== before.problem) {
      const event = state.problem.startsWith('mic_') ? 'MIC_FAILED' : 'ERROR';
      log(event, { type: state.problem, detail: PROBLEMS[state.problem].title });
    }
    const micIsComing = isMicComing(state);
    if (micIsComing !== isMicComing(before)) {
      clearTimeout(askingTimer);
      asking = false;
      if (micIsComing) askingTimer = setTimeout(askForMic, ASKING_AFTER_MS);
    }
    draw();
  }

  function askForMic(): void {
    asking = true;
    draw();
  }

  function draw(): void {
    snapshot = pictureOf(state, { retryAt, listeningSince, lostMs: audio.lostMs, askingForMic: asking, newSessions });
    for (const listener of listeners) listener();
  }

  function carryOut(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open_socket':
        return void openSocket(effect.socket);
      case 'close_socket':
        socket?.close(effect.code);
        return;
      case 'abandon_socket':
        socket?.abandon(effect.code);
        socket = null;
        return;
      case 'send_ready':
        return say({ event: 'ready', session_id: effect.sessionId });
      case 'send_start':
        say({ event: 'start' });
        if (socket) audio.open(socket);
        summary = startSummary();
        return;
      case 'send_stop':
        audio.close();
        return say({ event: 'stop' });
      case 'open_mic':
        return openMic(effect.mic);
      case 'stop_mic': {
        const number = effect.mic;
        void microphone?.stop().then(() => {
          log('MIC_CLOSED');
          dispatch({ type: 'mic_stopped', mic: number });
        });
        return;
      }
      case 'end_session':
        summary?.stop();
        summary = null;
        return audio.endSession();
      case 'drop_audio': {
        const dropped = audio.drop();
        // Words spoken while a broken connection was mended are a loss; those of a press taken back are not.
        if (state.broken > 0) audio.addLoss(dropped);
        return;
      }
      case 'set_timer':
        return setTimer(effect.timer, effect.ms);
      case 'clear_timer':
        clearTimeout(timers.get(effect.timer));
        timers.delete(effect.timer);
        return;
    }
  }

  function setTimer(timer: TimerName, ms: number): void {
    clearTimeout(timers.get(timer));
    timers.set(
      timer,
      setTimeout(() => {
        timers.delete(timer);
        dispatch({ type: 'timer', timer, random: random() });
      }, ms),
    );
    if (timer !== 'retry') return;
    retryAt = Date.now() + ms;
    log('RECONNECTING', { ms, failures: state.failures });
  }

  function say(message: ClientMessage): void {
    if (!socket?.say(message)) return;
    log('WS_SEND', { event: message.event, ...(state.sessionId ? { session: state.sessionId } : {}) });
  }

  /** Opens socket `number` at once when the address is known, else as soon as the host has told it. */
  async function openSocket(number: number): Promise<void> {
    if (!address?.url) {
      await refreshAddress();
      if (state.socket !== number || state.link !== 'opening') {
        // Closed while the host was asked: there is nothing to close.
        if (state.socket === number) dispatchClosed(number, CLOSE.done, '');
        return;
      }
    }
    if (!address?.url) {
      log('WARNING', { type: 'no_voice_server' });
      return dispatchClosed(number, CLOSE.lost, '');
    }
    const url = `${address.url}?user_id=${options.settings().user_id}`;
    log('WS_CONNECTING', { url });
    const mine: VoiceSocket = openVoiceSocket(() => createSocket(url, protocolsFor(address)), {
      onOpen: () => log('WS_OPEN'),
      onError: () => log('WS_ERROR'),
      onClose(code, reason, opened) {
        log('WS_DISCONNECT', { code, ...(reason ? { reason } : {}) });
        if (socket === mine) socket = null;
        dispatchClosed(number, code, reason);
        if (!opened) void explainRefusal(number);
      },
      onUnreadable: (detail) => log('WARNING', { type: 'unreadable_message', detail }),
      onMessage(message) {
        const fields = { event: message.event, ...('session_id' in message ? { session: message.session_id } : {}) };
        switch (message.event) {
          case 'connected':
            log('WS_RECV', { ...fields, attempt: message.attempt });
            return dispatch({ type: 'welcome', socket: number, sessionId: message.session_id });
          case 'voice_state':
            log('WS_RECV', { ...fields, state: message.state });
            return dispatch({ type: 'voice_state', socket: number, state: message.state });
          case 'audio_ack':
            return audio.acknowledge(message.through);
          case 'error':
            return log('ERROR', { type: message.code, detail: message.message });
          case 'pong':
            return;
        }
      },
    });
    socket = mine;
  }

  function dispatchClosed(number: number, code: number, reason: string): void {
    const retryAfterMs = code === CLOSE.overloaded ? parseRetryAfter(reason) : null;
    dispatch({ type: 'closed', socket: number, code, random: random(), retryAfterMs });
  }

  /** A browser does not tell why an upgrade was refused; the host knows whether it is full, and where it is now. */
  async function explainRefusal(number: number): Promise<void> {
    const latest = await refreshAddress();
    if (latest?.url && !latest.accepting) dispatch({ type: 'server_full', socket: number });
  }

  function openMic(number: number): void {
    const mine = options.openMicrophone({
      deviceId: options.settings().microphone_id,
      events: {
        onFrame(pcm) {
          if (microphone !== mine) return;
          audio.push(pcm, performance.now());
          tellLevel(pcm);
        },
        onEnded: () => dispatch({ type: 'mic_ended', mic: number }),
      },
    });
    microphone = mine;
    mine.ready.then(
      (info) => {
        log('MIC_OPENED', { label: info.label, rate: info.sampleRate });
        dispatch({ type: 'mic_live', mic: number });
      },
      (error: unknown) => {
        // Stopped before it was live: `stop` tells when that is done.
        if (error instanceof EarshotError && error.code === 'mic_stopped') return;
        // The state machine tells what it means; this is what the browser said.
        log('WARNING', { type: 'microphone', detail: describeError(causeOf(error)) }, 'debug');
        dispatch({ type: 'mic_failed', mic: number, problem: micProblemOf(error) });
      },
    );
  }

  function tellLevel(pcm: Int16Array): void {
    if (levelListeners.size === 0) return;
    const sum = emptyLevel();
    addLevel(sum, pcm);
    const level = { peak: peakDbfs(sum), rms: rmsDbfs(sum) };
    for (const listener of levelListeners) listener(level);
  }

  /** Tells the log once a second how much of this session's audio left and arrived. */
  function startSummary(): { stop(): void } {
    const session = state.sessionId ?? '';
    let told = audio.through;
    const tell = (): void => {
      const frames = audio.through - told;
      told = audio.through;
      if (frames > 0) log('AUDIO', { session, frames, through: audio.through, acknowledged: audio.acknowledged });
    };
    const timer = setInterval(tell, SUMMARY_MS);
    return {
      stop() {
        clearInterval(timer);
        tell();
      },
    };
  }

  return {
    press() {
      if (disposed) return;
      log('PRESS', { doing: state.wanted ? 'stop' : 'start' });
      if (!state.wanted) audio.resetLoss();
      dispatch({ type: 'press' });
    },
    retryNow: () => dispatch({ type: 'retry_now' }),
    snapshot: () => snapshot,
    subscribe: (listener) => subscribeTo(listeners, listener),
    onLevel: (listener) => subscribeTo(levelListeners, listener),
    dispose() {
      if (disposed) return;
      disposed = true;
      dispatch({ type: 'dispose' });
      unsubscribe();
    },
  };
}

function subscribeTo<Listener>(listeners: Set<Listener>, listener: Listener): Unsubscribe {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function protocolsFor(address: VoiceAddress | null): string[] {
  return [PROTOCOL, `${TOKEN_PREFIX}${address?.token ?? ''}`];
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function micProblemOf(error: unknown): MicProblem {
  return error instanceof EarshotError && error.code.startsWith('mic_') && error.code in PROBLEMS
    ? (error.code as MicProblem)
    : 'mic_failed';
}

/** Wanted and not there yet: also where the prompt of a press that was taken back is still open. */
function isMicComing({ wanted, mic }: ConnectionState): boolean {
  return wanted && (mic === 'opening' || mic === 'stopping');
}

function pictureOf(
  state: ConnectionState,
  more: Pick<VoiceSnapshot, 'retryAt' | 'listeningSince' | 'lostMs' | 'askingForMic' | 'newSessions'>,
): VoiceSnapshot {
  return {
    ...more,
    view: viewOf(state),
    sessionId: state.sessionId,
    problem: state.problem,
    failures: state.failures,
  };
}
