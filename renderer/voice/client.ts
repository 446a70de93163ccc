import { FRAME_MS } from '../../shared/audio-format.ts';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { Log } from '../../shared/log-event.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { CLOSE, type ClientMessage, parseRetryAfter, type ServerMessage } from '../../shared/protocol.ts';
import type { Settings } from '../../shared/settings.ts';
import type { OpenDevice } from '../capture/microphone.ts';
import { INITIAL_STATE, isBreakerOpen, reduce, viewOf } from '../connection/connection-state.ts';
import type {
  ConnectionEffect,
  ConnectionEvent,
  ConnectionState,
  TimerName,
  Timing,
} from '../connection/connection-types.ts';
import { PROBLEMS } from '../connection/problems.ts';
import { createAudioReport } from './audio-report.ts';
import { createEndpointStore } from './endpoint.ts';
import { createMicrophoneController } from './microphone-controller.ts';
import { createNamedTimers } from './named-timers.ts';
import { OutgoingAudio, type Undelivered } from './outgoing-audio.ts';
import { detectResume, type NetworkEvents } from './resume-detector.ts';
import { createSnapshot } from './snapshot.ts';
import type { Level, VoiceClient } from './voice-client.ts';
import { type Credentials, fieldsOf, openVoiceLink, type VoiceLink } from './voice-link.ts';

/**
 * Delay (ms) before the window hints that the browser asks for permission. A permitted microphone opens in 100 to 300
 * ms; a shorter delay would flash the hint at every press.
 */
const ASKING_AFTER_MS = 700;

export interface VoiceClientOptions {
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>;
  openMicrophone: OpenDevice;
  /** Origin of the page, as the browser sends it to the voice server. */
  origin: string;
  /** Whether the host refuses this page's requests because of their cookies. Default: never. */
  hasTooManyCookies?: () => Promise<boolean>;
  log: Log;
  settings: () => Pick<Settings, 'user_id' | 'microphone_id' | 'microphone_channel'>;
  /** Target of the `online` event. Default: the window, if there is one. */
  network?: NetworkEvents;
  /** Creates a socket; replaced in tests. */
  createSocket?: (url: string, protocols: string[]) => WebSocket;
  /** Jitter of the backoff, in [0, 1); replaced in tests. */
  random?: () => number;
}

/** Drives the state machine in `renderer/connection/connection-state.ts`: dispatches events and runs effects. */
export function createVoiceClient(options: VoiceClientOptions): VoiceClient {
  const { log, random = Math.random } = options;
  const createSocket = options.createSocket ?? ((url, protocols) => new WebSocket(url, protocols));
  const network = options.network === undefined ? (globalThis.window ?? null) : options.network;
  const audio = new OutgoingAudio(notifyUndelivered);
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(level: Level) => void>();
  const undeliveredListeners = new Set<(audio: Undelivered) => void>();
  const queue: ConnectionEvent[] = [];

  let state: ConnectionState = INITIAL_STATE;
  let listeningSince: number | null = null;
  let retryAt: number | null = null;
  let askingForMic = false;
  let askingTimer: ReturnType<typeof setTimeout> | undefined;
  let link: VoiceLink | null = null;
  /** Resume credentials of the current session. */
  let credentials: Credentials | null = null;
  /** Last seq that the server held at its last welcome. */
  let heldThrough = -1;
  let pings = 0;
  /** Audio that the microphone did not capture since the last press, in ms. */
  let uncapturedMs = 0;
  /** Part of `uncapturedMs`: the microphone was open but delivered nothing. */
  let stalledMs = 0;
  /** Part of `uncapturedMs`: one device replaced another. */
  let changedMs = 0;
  let stalledLogged = 0;
  /** Estimated sleep of the computer while the microphone was open, in ms. */
  let sleptMs = 0;
  let microphoneState: MicrophoneState | null = null;
  let hostUnproven = false;
  let busy = false;
  let disposed = false;

  const timers = createNamedTimers<TimerName>((timer) => dispatch({ type: 'timer', timer, ...timing() }));
  const address = createEndpointStore(options.bridge, log, hintRetry);
  const microphone = createMicrophoneController({
    openMicrophone: options.openMicrophone,
    deviceId: () => options.settings().microphone_id,
    channel: () => options.settings().microphone_channel,
    log,
    dispatch,
    onFrame(pcm) {
      logStall();
      audio.push(pcm, performance.now());
      notifyLevel(pcm);
    },
    onState: setMicrophone,
    onGap(ms, why) {
      audio.addGap(ms, performance.now());
      const roundedMs = Math.round(ms / FRAME_MS) * FRAME_MS;
      uncapturedMs += roundedMs;
      report.markReported(roundedMs);
      const seconds = Math.round(ms) / 1000;
      // Gaps of a stalled microphone arrive in several parts; they are logged together when the stall ends.
      if (why === 'stalled') stalledMs += roundedMs;
      else if (why === 'changed') {
        changedMs += roundedMs;
        log('CAPTURE_GAP', { seconds, why: 'the microphone went away, and another took its place' });
      } else log('CAPTURE_GAP', { seconds });
      updateSnapshot();
    },
  });
  const report = createAudioReport(audio, log, {
    onLoss: updateSnapshot,
    onFrozen: () => dispatch({ type: 'frozen', socket: state.socket, ...timing() }),
  });
  let stopWatching: Unsubscribe | null = null;
  let snapshot = takeSnapshot();

  function timing(): Timing {
    return { random: random(), at: performance.now() };
  }

  /** Handles events in order, including those dispatched by effects. */
  function dispatch(event: ConnectionEvent): void {
    queue.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const before = state;
        const step = reduce(state, next);
        state = step.state;
        for (const effect of step.effects) runEffect(effect);
        if (state !== before) onStateChange(before);
      }
    } finally {
      busy = false;
    }
  }

  function onStateChange(before: ConnectionState): void {
    const view = viewOf(state);
    watchResume(state.link !== 'none');
    // The turn's clock keeps running during an outage.
    if (state.voice !== 'listening') listeningSince = null;
    else if (view === 'listening') listeningSince ??= performance.now();
    if (state.link !== 'waiting') retryAt = null;
    else if (hostUnproven) dispatch({ type: 'host_unproven' });
    const session = state.sessionId ?? '';
    if (state.resumes > before.resumes) log('WS_RESUMED', { session, held_through: heldThrough });
    else if (session && session !== before.sessionId) log('WS_CONNECTED', { session });
    if (view !== viewOf(before)) log('VOICE_CHANGED', { state: view });
    if (state.problem !== null && state.problem !== before.problem) {
      const event = state.problem.startsWith('mic_') ? 'MIC_FAILED' : 'ERROR';
      log(event, { type: state.problem, detail: PROBLEMS[state.problem].title });
    }
    const waitsForMic = isWaitingForMic(state);
    if (waitsForMic !== isWaitingForMic(before)) {
      clearTimeout(askingTimer);
      askingForMic = false;
      if (waitsForMic) askingTimer = setTimeout(showPermissionHint, ASKING_AFTER_MS);
    }
    updateSnapshot();
  }

  /** Resume detection runs only while there is a connection: an idle client has no timer. */
  function watchResume(enabled: boolean): void {
    if (enabled === (stopWatching !== null)) return;
    stopWatching?.();
    stopWatching = enabled ? detectResume({ network, onOnline: hintRetry, onWoke }) : null;
  }

  function hintRetry(): void {
    dispatch({ type: 'retry_hint' });
  }

  function onWoke(ms: number): void {
    log('WOKE');
    if (state.mic === 'live') sleptMs += ms;
    dispatch({ type: 'woke' });
  }

  function showPermissionHint(): void {
    askingForMic = true;
    updateSnapshot();
  }

  function takeSnapshot() {
    return createSnapshot(state, {
      retryAt,
      listeningSince,
      lostMs: audio.lostMs,
      undeliveredMs: audio.undeliveredMs,
      uncapturedMs,
      stalledMs,
      changedMs,
      sleptMs,
      askingForMic,
      microphone: microphoneState,
    });
  }

  function updateSnapshot(): void {
    snapshot = takeSnapshot();
    for (const listener of listeners) listener();
  }

  function runEffect(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open_socket':
        return openLink(effect.socket, effect.resume ? credentials : null);
      case 'close_socket':
        return link?.close(effect.code);
      case 'abandon_socket':
        link?.abandon(effect.code);
        link = null;
        // A blocked host answers as soon as it continues, which triggers a retry.
        if (effect.code === CLOSE.welcomeUnacknowledged) void address.refresh();
        return;
      case 'send_ready':
        return send({ event: 'ready', session_id: effect.sessionId, proof: link?.answer ?? '' });
      case 'send_ping':
        return send({ event: 'ping', id: ++pings, client_time: Date.now() });
      case 'send_start':
        return send({ event: 'start' });
      case 'send_stop':
        return send({ event: 'stop' });
      case 'open_mic':
        audio.switchMicrophone(effect.mic);
        return microphone.open(effect.mic);
      case 'stop_mic':
        return microphone.stop(effect.mic);
      case 'open_audio':
        if (link?.socket) audio.open(link.socket);
        return report.start(state.sessionId ?? '');
      case 'hold_audio':
        audio.hold();
        return report.pause();
      case 'resume_audio':
        if (link?.socket) audio.resume(link.socket, heldThrough);
        report.start(state.sessionId ?? '');
        return report.reportLoss();
      case 'end_capture':
        return audio.endCapture();
      case 'end_session':
        credentials = null;
        report.stop();
        // A closing or reloading window closes an open connection cleanly.
        audio.endSession({ turnOver: effect.turnOver, closing: disposed });
        return report.reportLoss();
      case 'give_up_backlog':
        audio.giveUpBacklog();
        return report.reportLoss();
      case 'drop_audio':
        audio.drop(effect.keep);
        return report.reportLoss();
      case 'set_timer':
        timers.set(effect.timer, effect.ms);
        if (effect.timer === 'retry') announceRetry(effect.ms);
        return;
      case 'clear_timer':
        return timers.clear(effect.timer);
    }
  }

  function notifyUndelivered(undelivered: Undelivered): void {
    // Undelivered audio is lost when the window closes.
    if (disposed) return;
    log('AUDIO_UNDELIVERED', { seconds: (undelivered.frames.length * FRAME_MS) / 1000 });
    for (const listener of undeliveredListeners) listener(undelivered);
  }

  function announceRetry(ms: number): void {
    retryAt = performance.now() + ms;
    const { failures } = state;
    log(isBreakerOpen(state) ? 'BREAKER_OPEN' : 'RECONNECTING', { ms, failures });
  }

  function send(message: ClientMessage): void {
    if (!link?.socket?.sendMessage(message)) return;
    log('WS_SEND', { event: message.event, ...(state.sessionId ? { session: state.sessionId } : {}) });
  }

  function openLink(number: number, resume: Credentials | null): void {
    link = openVoiceLink({
      address,
      origin: options.origin,
      userId: options.settings().user_id,
      resume,
      createSocket,
      hasTooManyCookies: options.hasTooManyCookies ?? (async () => false),
      log,
      events: {
        onMessage: (message) => receive(number, message),
        onUnproven() {
          dispatch({ type: 'unproven', socket: number });
          // The query makes the host check its server; the server may have moved by the next press.
          void address.refresh();
        },
        onClose(code, reason) {
          const retryAfterMs = code === CLOSE.overloaded ? parseRetryAfter(reason) : null;
          dispatch({ type: 'closed', socket: number, code, ...timing(), retryAfterMs });
        },
        onFull: () => dispatch({ type: 'server_full', socket: number }),
        onTooManyCookies: () => dispatch({ type: 'too_many_cookies', socket: number }),
      },
    });
  }

  function receive(number: number, message: ServerMessage): void {
    switch (message.event) {
      case 'connected': {
        log('WS_RECV', fieldsOf(message));
        const { session_id: sessionId, resumed, received_through: through } = message;
        const isConsistent = audio.canHold(through);
        heldThrough = through;
        if (resumed && state.link === 'opening' && !(isConsistent && sessionId === state.sessionId)) {
          log('ERROR', { type: 'impossible_welcome', session: sessionId, through, sent: audio.through });
        }
        dispatch({ type: 'welcome', socket: number, sessionId, resumed, isConsistent, ...timing() });
        if (state.socket === number && state.sessionId === sessionId) {
          credentials = { sessionId, token: message.resume_token };
        }
        return;
      }
      case 'voice_state':
        log('WS_RECV', fieldsOf(message));
        return dispatch({ type: 'voice_state', socket: number, state: message.state });
      case 'audio_ack':
        if (audio.acknowledge(message.through)) {
          if (state.failures > 0 && message.through > heldThrough) dispatch({ type: 'progress', socket: number });
          return;
        }
        log('ERROR', { type: 'impossible_ack', through: message.through, sent: audio.through });
        return dispatch({ type: 'protocol_error', socket: number, ...timing() });
      case 'pong':
        return dispatch({ type: 'pong', socket: number });
      case 'error':
        return log('ERROR', { type: message.code, detail: message.message });
    }
  }

  function logStall(): void {
    const ms = stalledMs - stalledLogged;
    stalledLogged = stalledMs;
    if (ms > 0) log('CAPTURE_GAP', { seconds: ms / 1000, why: 'the microphone sent nothing' });
  }

  function setMicrophone(state: MicrophoneState | null): void {
    if (state === null) logStall();
    microphoneState = state;
    audio.setMicrophone(state);
    if (state !== null) {
      const chosen = state.instead_of === null ? {} : { instead_of: state.instead_of };
      log(
        'MIC_STATE',
        { status: state.status, label: state.label, ...chosen },
        state.status === 'ok' ? 'info' : 'warn',
      );
    }
    updateSnapshot();
  }

  function notifyLevel(pcm: Int16Array): void {
    if (levelListeners.size === 0) return;
    const sum = emptyLevel();
    addLevel(sum, pcm);
    const level = { peak: peakDbfs(sum), rms: rmsDbfs(sum) };
    for (const listener of levelListeners) listener(level);
  }

  return {
    press() {
      if (disposed) return;
      log('PRESS', { doing: state.shouldListen ? 'stop' : 'start' });
      if (!state.shouldListen) {
        audio.resetLoss();
        report.resetLoss();
        uncapturedMs = 0;
        stalledMs = stalledLogged = changedMs = 0;
        sleptMs = 0;
      }
      dispatch({ type: 'press', at: performance.now() });
    },
    retryNow: () => dispatch({ type: 'retry_now' }),
    setHostUnproven(unproven) {
      hostUnproven = unproven;
      if (unproven) dispatch({ type: 'host_unproven' });
    },
    snapshot: () => snapshot,
    subscribe: (listener) => subscribeTo(listeners, listener),
    onLevel: (listener) => subscribeTo(levelListeners, listener),
    onUndelivered: (listener) => subscribeTo(undeliveredListeners, listener),
    dispose() {
      if (disposed) return;
      disposed = true;
      dispatch({ type: 'dispose' });
      address.dispose();
    },
  };
}

function subscribeTo<Listener>(listeners: Set<Listener>, listener: Listener): Unsubscribe {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the turn waits for its microphone, including one whose previous permission prompt is still open. */
function isWaitingForMic({ shouldListen, mic }: ConnectionState): boolean {
  return shouldListen && (mic === 'opening' || mic === 'stopping');
}
