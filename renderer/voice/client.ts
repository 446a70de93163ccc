import { FRAME_MS } from '../../shared/audio-format.ts';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { Log } from '../../shared/log-event.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { CLOSE, type ClientMessage, MAX_PAUSE_S, parseRetryAfter } from '../../shared/protocol.ts';
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
import { createAudioReport } from './audio-report.ts';
import { createCaptureLosses } from './capture-losses.ts';
import { createEndpointStore } from './endpoint.ts';
import { logStateChange } from './log-state-change.ts';
import { createMicrophoneController } from './microphone-controller.ts';
import { createNamedTimers } from './named-timers.ts';
import { OutgoingAudio, type Undelivered } from './outgoing-audio.ts';
import { createPermissionHint } from './permission-hint.ts';
import { detectResume, type NetworkEvents } from './resume-detector.ts';
import { createServerMessages } from './server-messages.ts';
import { createSnapshot } from './snapshot.ts';
import { checkTurnLimit } from './turn-limit.ts';
import type { Level, VoiceClient } from './voice-client.ts';
import { type Credentials, openVoiceLink, type VoiceLink } from './voice-link.ts';

export interface VoiceClientOptions {
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>;
  openMicrophone: OpenDevice;
  /** Origin of the page, as the browser sends it to the voice server. */
  origin: string;
  /** Whether the host refuses this page's requests because of their cookies. Default: never. */
  hasTooManyCookies?: () => Promise<boolean>;
  log: Log;
  settings: () => Pick<Settings, 'user_id' | 'microphone_id' | 'microphone_channel' | 'turn_limit_minutes'>;
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
  let link: VoiceLink | null = null;
  let pings = 0;
  let microphoneState: MicrophoneState | null = null;
  let pausedAt: number | null = null;
  /** When the last pause ended; before this, nothing was to be recorded. */
  let continuedAt = Number.NEGATIVE_INFINITY;
  /** Length of this turn so far, in ms, without its pauses. */
  let turnMs = 0;
  let limitLeftS: number | null = null;
  let limitReachedMin: number | null = null;
  let hostUnproven = false;
  let busy = false;
  let disposed = false;

  const captureLosses = createCaptureLosses(log);
  const permissionHint = createPermissionHint(updateSnapshot);
  const timers = createNamedTimers<TimerName>((timer) => dispatch({ type: 'timer', timer, ...timing() }));
  const address = createEndpointStore(options.bridge, log, hintRetry);
  const microphone = createMicrophoneController({
    openMicrophone: options.openMicrophone,
    deviceId: () => options.settings().microphone_id,
    channel: () => options.settings().microphone_channel,
    log,
    dispatch,
    onFrame(captured) {
      // Also while the microphone of a paused turn stops: its last samples were captured during the pause.
      if (state.paused) return;
      captureLosses.logStall();
      const pcm = state.muted ? new Int16Array(captured.length) : captured;
      audio.push(pcm, performance.now());
      notifyLevel(pcm);
      countTurn(FRAME_MS);
    },
    onState: setMicrophone,
    onGap(gapMs, why) {
      if (state.paused) return;
      // The part of the gap that lies in a pause is not missing.
      const ms = Math.min(gapMs, performance.now() - continuedAt);
      audio.addGap(ms, performance.now());
      const missingMs = captureLosses.addGap(ms, why);
      report.markReported(missingMs);
      updateSnapshot();
      countTurn(missingMs);
    },
  });
  const report = createAudioReport(audio, log, {
    onLoss: updateSnapshot,
    onFrozen: () => dispatch({ type: 'frozen', socket: state.socket, ...timing() }),
  });
  const serverMessages = createServerMessages({ audio, log, state: () => state, timing, dispatch });
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
    followPause(before);
    if (state.muted !== before.muted) showMicrophone();
    watchResume(state.link !== 'none');
    // The turn's clock keeps running during an outage.
    if (state.voice !== 'listening') listeningSince = null;
    else if (view === 'listening' || view === 'paused') listeningSince ??= performance.now();
    if (state.link !== 'waiting') retryAt = null;
    else if (hostUnproven) dispatch({ type: 'host_unproven' });
    logStateChange(log, before, state, serverMessages.heldThrough);
    permissionHint.update(state);
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
    // Nothing is recorded during a pause, so nothing is missing.
    if (state.mic === 'live' && !state.paused) captureLosses.addSleep(ms);
    dispatch({ type: 'woke' });
  }

  function takeSnapshot() {
    return createSnapshot(state, {
      retryAt,
      listeningSince,
      lostMs: audio.lostMs,
      undeliveredMs: audio.undeliveredMs,
      ...captureLosses.totals,
      askingForMic: permissionHint.isShown,
      microphone: shownMicrophone(),
      pausedAt,
      limitLeftS,
      limitReachedMin,
    });
  }

  /** Follows the pause that the state machine has decided. */
  function followPause(before: ConnectionState): void {
    if (state.paused === before.paused) return;
    const now = performance.now();
    if (state.paused) {
      pausedAt = now;
      audio.pause();
      return;
    }
    const started = pausedAt;
    pausedAt = null;
    // Another microphone was opened: the pause ended with its turn.
    if (started === null || state.micNumber !== before.micNumber) return;
    continuedAt = now;
    if (listeningSince !== null) listeningSince += now - Math.max(started, listeningSince);
    audio.continue(Math.min((now - started) / 1000, MAX_PAUSE_S));
  }

  /** Adds to the length of the turn, and ends the turn when it reaches the limit of the settings. */
  function countTurn(ms: number): void {
    if (!state.shouldListen) return;
    turnMs += ms;
    const minutes = options.settings().turn_limit_minutes;
    const limit = checkTurnLimit(turnMs, minutes);
    const leftS = limit.kind === 'warning' ? limit.leftS : null;
    if (limit.kind === 'reached') {
      limitReachedMin = minutes;
      log('TURN_LIMIT', { minutes });
      dispatch({ type: 'limit_reached' });
    } else if (leftS !== limitLeftS) {
      limitLeftS = leftS;
      updateSnapshot();
    }
  }

  /** The state of the microphone with the user's own mute, which hides the state of its sound. */
  function shownMicrophone(): MicrophoneState | null {
    if (microphoneState === null || !state.muted) return microphoneState;
    return { ...microphoneState, status: 'muted_in_app' };
  }

  function updateSnapshot(): void {
    snapshot = takeSnapshot();
    for (const listener of listeners) listener();
  }

  function runEffect(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open_socket':
        return openLink(effect.socket, effect.resume ? serverMessages.credentials : null);
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
        if (link?.socket) audio.resume(link.socket, serverMessages.heldThrough);
        report.start(state.sessionId ?? '');
        return report.reportLoss();
      case 'end_capture':
        return audio.endCapture();
      case 'end_session':
        serverMessages.discardCredentials();
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
        onMessage: (message) => serverMessages.receive(number, message),
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

  function setMicrophone(reported: MicrophoneState | null): void {
    if (reported === null) captureLosses.logStall();
    microphoneState = reported;
    showMicrophone();
  }

  function showMicrophone(): void {
    const shown = shownMicrophone();
    audio.setMicrophone(shown);
    if (shown !== null) {
      const chosen = shown.instead_of === null ? {} : { instead_of: shown.instead_of };
      log(
        'MIC_STATE',
        { status: shown.status, label: shown.label, ...chosen },
        shown.status === 'ok' || shown.status === 'muted_in_app' ? 'info' : 'warn',
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
        captureLosses.reset();
        turnMs = 0;
        limitLeftS = limitReachedMin = null;
      }
      dispatch({ type: 'press', at: performance.now() });
    },
    setPaused: (paused) => dispatch({ type: 'set_paused', paused }),
    setMuted: (muted) => dispatch({ type: 'set_muted', muted }),
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
