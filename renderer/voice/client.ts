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
  Chance,
  ConnectionEffect,
  ConnectionEvent,
  ConnectionState,
  TimerName,
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
 * A microphone that takes longer than this (ms) to come is waiting for a person to allow it. One that is allowed takes
 * 100 to 300 ms, so that the hint does not flash at every press.
 */
const ASKING_AFTER_MS = 700;

export interface VoiceClientOptions {
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>;
  openMicrophone: OpenDevice;
  /** The page's, as its browser sends it to the voice server. */
  origin: string;
  /** Whether what this page asks is refused for the cookies that the browser adds. Default: it never is. */
  hasTooManyCookies?: () => Promise<boolean>;
  log: Log;
  settings: () => Pick<Settings, 'user_id' | 'microphone_id' | 'microphone_channel'>;
  /** Where `online` is heard. Default: the window, where there is one. */
  network?: NetworkEvents;
  /** For tests: how a socket is made, and what decides the jitter. */
  createSocket?: (url: string, protocols: string[]) => WebSocket;
  random?: () => number;
}

/** The thin driver of the state machine in `renderer/connection/connection-state.ts`: effects out, events in, no decisions. */
export function createVoiceClient(options: VoiceClientOptions): VoiceClient {
  const { log, random = Math.random } = options;
  const createSocket = options.createSocket ?? ((url, protocols) => new WebSocket(url, protocols));
  const network = options.network === undefined ? (globalThis.window ?? null) : options.network;
  const audio = new OutgoingAudio(handOut);
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(level: Level) => void>();
  const undeliveredListeners = new Set<(audio: Undelivered) => void>();
  const queue: ConnectionEvent[] = [];

  let state: ConnectionState = INITIAL_STATE;
  let listeningSince: number | null = null;
  let retryAt: number | null = null;
  let asking = false;
  let askingTimer: ReturnType<typeof setTimeout> | undefined;
  let link: VoiceLink | null = null;
  /** What takes the session of the state up again, and how much of it the server held at its last welcome. */
  let credentials: Credentials | null = null;
  let heldThrough = -1;
  let pings = 0;
  /** What the microphone did not capture since the last press, in ms. */
  let uncapturedMs = 0;
  /** Of that: while the microphone delivered nothing. */
  let stalledMs = 0;
  /** And while one device took the place of another. */
  let changedMs = 0;
  let stalledTold = 0;
  /** How long the computer slept while the microphone was open, as far as a page can tell. */
  let sleptMs = 0;
  /** Which microphone is heard, and how. */
  let heard: MicrophoneState | null = null;
  let hostUnproven = false;
  let busy = false;
  let disposed = false;

  const timers = createNamedTimers<TimerName>((timer) => dispatch({ type: 'timer', timer, ...chance() }));
  const address = createEndpointStore(options.bridge, log, nudge);
  const microphone = createMicrophoneController({
    openMicrophone: options.openMicrophone,
    deviceId: () => options.settings().microphone_id,
    channel: () => options.settings().microphone_channel,
    log,
    dispatch,
    onFrame(pcm) {
      tellStall();
      audio.push(pcm, performance.now());
      tellLevel(pcm);
    },
    onState: setMicrophone,
    onGap(ms, why) {
      audio.skip(ms, performance.now());
      const inFrames = Math.round(ms / FRAME_MS) * FRAME_MS;
      uncapturedMs += inFrames;
      report.alreadyTold(inFrames);
      const seconds = Math.round(ms) / 1000;
      // What a stalled microphone leaves out comes bit by bit, and is told when it is over.
      if (why === 'stalled') stalledMs += inFrames;
      else if (why === 'changed') {
        changedMs += inFrames;
        log('CAPTURE_GAP', { seconds, why: 'the microphone went away, and another took its place' });
      } else log('CAPTURE_GAP', { seconds });
      draw();
    },
  });
  const report = createAudioReport(audio, log, {
    onLoss: draw,
    onFrozen: () => dispatch({ type: 'frozen', socket: state.socket, ...chance() }),
  });
  let stopWatching: Unsubscribe | null = null;
  let snapshot = picture();

  function chance(): Chance {
    return { random: random(), at: performance.now() };
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
    watch(state.link !== 'none');
    // An outage is part of the turn: its clock runs on.
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
    const micIsComing = isMicComing(state);
    if (micIsComing !== isMicComing(before)) {
      clearTimeout(askingTimer);
      asking = false;
      if (micIsComing) askingTimer = setTimeout(askForMic, ASKING_AFTER_MS);
    }
    draw();
  }

  /** Without a connection there is nothing to wake: idle has no timer. */
  function watch(wanted: boolean): void {
    if (wanted === (stopWatching !== null)) return;
    stopWatching?.();
    stopWatching = wanted ? detectResume({ network, onOnline: nudge, onWoke }) : null;
  }

  function nudge(): void {
    dispatch({ type: 'nudge' });
  }

  function onWoke(ms: number): void {
    log('WOKE');
    if (state.mic === 'live') sleptMs += ms;
    dispatch({ type: 'woke' });
  }

  function askForMic(): void {
    asking = true;
    draw();
  }

  function picture() {
    return createSnapshot(state, {
      retryAt,
      listeningSince,
      lostMs: audio.lostMs,
      undeliveredMs: audio.undeliveredMs,
      uncapturedMs,
      stalledMs,
      changedMs,
      sleptMs,
      askingForMic: asking,
      microphone: heard,
    });
  }

  function draw(): void {
    snapshot = picture();
    for (const listener of listeners) listener();
  }

  function carryOut(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open_socket':
        return openLink(effect.socket, effect.resume ? credentials : null);
      case 'close_socket':
        return link?.close(effect.code);
      case 'abandon_socket':
        link?.abandon(effect.code);
        link = null;
        // A host that is held up answers when it goes on: then nothing is gained by waiting any longer.
        if (effect.code === CLOSE.welcomeUnacknowledged) void address.refresh();
        return;
      case 'send_ready':
        return say({ event: 'ready', session_id: effect.sessionId, proof: link?.answer ?? '' });
      case 'send_ping':
        return say({ event: 'ping', id: ++pings, client_time: Date.now() });
      case 'send_start':
        return say({ event: 'start' });
      case 'send_stop':
        return say({ event: 'stop' });
      case 'open_mic':
        audio.listenTo(effect.mic);
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
        return report.tellLoss();
      case 'seal_audio':
        return audio.seal();
      case 'end_session':
        credentials = null;
        report.stop();
        // A window that closes or loads anew takes leave of a connection that stands.
        audio.endSession({ turnOver: effect.turnOver, closing: disposed });
        return report.tellLoss();
      case 'give_up_backlog':
        audio.giveUpBacklog();
        return report.tellLoss();
      case 'drop_audio':
        audio.drop(effect.keep);
        return report.tellLoss();
      case 'set_timer':
        timers.set(effect.timer, effect.ms);
        if (effect.timer === 'retry') announceRetry(effect.ms);
        return;
      case 'clear_timer':
        return timers.clear(effect.timer);
    }
  }

  function handOut(undelivered: Undelivered): void {
    // What a window still holds when it closes goes with it: nobody is there to be offered it.
    if (disposed) return;
    log('AUDIO_UNDELIVERED', { seconds: (undelivered.frames.length * FRAME_MS) / 1000 });
    for (const listener of undeliveredListeners) listener(undelivered);
  }

  function announceRetry(ms: number): void {
    retryAt = performance.now() + ms;
    const { failures } = state;
    log(isBreakerOpen(state) ? 'BREAKER_OPEN' : 'RECONNECTING', { ms, failures });
  }

  function say(message: ClientMessage): void {
    if (!link?.socket?.say(message)) return;
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
        onMessage: (message) => hear(number, message),
        onUnproven() {
          dispatch({ type: 'unproven', socket: number });
          // Asked where its server is, the host looks after it: the next press may find it elsewhere.
          void address.refresh();
        },
        onClose(code, reason) {
          const retryAfterMs = code === CLOSE.overloaded ? parseRetryAfter(reason) : null;
          dispatch({ type: 'closed', socket: number, code, ...chance(), retryAfterMs });
        },
        onFull: () => dispatch({ type: 'server_full', socket: number }),
        onTooManyCookies: () => dispatch({ type: 'too_many_cookies', socket: number }),
      },
    });
  }

  function hear(number: number, message: ServerMessage): void {
    switch (message.event) {
      case 'connected': {
        log('WS_RECV', fieldsOf(message));
        const { session_id: sessionId, resumed, received_through: through } = message;
        const agrees = audio.canHold(through);
        heldThrough = through;
        if (resumed && state.link === 'opening' && !(agrees && sessionId === state.sessionId)) {
          log('ERROR', { type: 'impossible_welcome', session: sessionId, through, sent: audio.through });
        }
        dispatch({ type: 'welcome', socket: number, sessionId, resumed, agrees, ...chance() });
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
        return dispatch({ type: 'protocol_error', socket: number, ...chance() });
      case 'pong':
        return dispatch({ type: 'pong', socket: number });
      case 'error':
        return log('ERROR', { type: message.code, detail: message.message });
    }
  }

  function tellStall(): void {
    const ms = stalledMs - stalledTold;
    stalledTold = stalledMs;
    if (ms > 0) log('CAPTURE_GAP', { seconds: ms / 1000, why: 'the microphone sent nothing' });
  }

  function setMicrophone(state: MicrophoneState | null): void {
    if (state === null) tellStall();
    heard = state;
    audio.setMicrophone(state);
    if (state !== null) {
      const chosen = state.instead_of === null ? {} : { instead_of: state.instead_of };
      log(
        'MIC_STATE',
        { status: state.status, label: state.label, ...chosen },
        state.status === 'ok' ? 'info' : 'warn',
      );
    }
    draw();
  }

  function tellLevel(pcm: Int16Array): void {
    if (levelListeners.size === 0) return;
    const sum = emptyLevel();
    addLevel(sum, pcm);
    const level = { peak: peakDbfs(sum), rms: rmsDbfs(sum) };
    for (const listener of levelListeners) listener(level);
  }

  return {
    press() {
      if (disposed) return;
      log('PRESS', { doing: state.wanted ? 'stop' : 'start' });
      if (!state.wanted) {
        audio.resetLoss();
        report.resetLoss();
        uncapturedMs = 0;
        stalledMs = stalledTold = changedMs = 0;
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

/** Wanted and not there yet: also where the prompt of a press that was taken back is still open. */
function isMicComing({ wanted, mic }: ConnectionState): boolean {
  return wanted && (mic === 'opening' || mic === 'stopping');
}
