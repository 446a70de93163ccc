import type { AppInfo, Bridge, BridgeEventName, BridgePayload } from '../../shared/bridge.ts';
import type { DesktopState } from '../../shared/desktop.ts';
import { EarshotError } from '../../shared/errors.ts';
import { ESTABLISHMENT_BOUNDS_MS, type Health, zeroTotals } from '../../shared/health.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { RecordingPage } from '../../shared/recording-library.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import type { Undelivered } from '../voice/outgoing-audio.ts';
import type { Level, VoiceClient, VoiceSnapshot } from '../voice/voice-client.ts';

export const IDLE: VoiceSnapshot = {
  view: 'idle',
  sessionId: null,
  listeningSince: null,
  pausedAt: null,
  muted: false,
  limitLeftS: null,
  limitReachedMin: null,
  problem: null,
  retryAt: null,
  keptUntil: null,
  triesUntil: null,
  finishing: 0,
  turnsWaiting: 0,
  failures: 0,
  askingForMic: false,
  lostMs: 0,
  undeliveredMs: 0,
  uncapturedMs: 0,
  stalledMs: 0,
  changedMs: 0,
  sleptMs: 0,
  newSessions: 0,
  resumes: 0,
  breakerOpen: false,
  micLive: false,
  microphone: null,
};

export const APP_INFO: AppInfo = {
  version: '1.2.3',
  shell: 'tab',
  platform: 'linux',
  data_dir: '/data/earshot',
  system: null,
};

/** The desktop app on a platform, by its `process.platform`. */
export function desktopInfo(platform: 'darwin' | 'win32' | 'linux'): AppInfo {
  return { ...APP_INFO, shell: 'desktop', platform };
}

/** The state of a desktop app without enabled features or updates. */
export const NO_DESKTOP: DesktopState = {
  shortcut: 'off',
  login: 'off',
  update: { state: 'none' },
  why_no_updates: null,
};

/** The health of a host without connections. */
export const NO_HEALTH: Health = {
  recent: {
    connections: 0,
    success_rate: null,
    retry_rate: null,
    establishment_ms: null,
    histogram: [...ESTABLISHMENT_BOUNDS_MS, null].map((up_to_ms) => ({ up_to_ms, count: 0 })),
  },
  warning: false,
  totals: zeroTotals(),
  resume_ms: null,
  settle_delay_ms: 0,
  event_loop_delay_ms: null,
};

/** The health of a host that has been used for a while and is healthy. */
export function healthOf(change: Partial<Health> = {}): Health {
  const counts = [38, 41, 14, 4, 2, 0, 0, 0, 1];
  return {
    ...NO_HEALTH,
    recent: {
      connections: 100,
      success_rate: 0.99,
      retry_rate: 0.02,
      establishment_ms: { p50: 1.3, p95: 6.1, p99: 18.4 },
      histogram: NO_HEALTH.recent.histogram.map(({ up_to_ms }, i) => ({ up_to_ms, count: counts[i] ?? 0 })),
    },
    totals: {
      ...NO_HEALTH.totals,
      attempts: 214,
      welcomes: [208, 3, 1],
      aborted: 1,
      failed: 1,
      resumed: 12,
      expired: 1,
      frames: 128_450,
      missing: 12,
      duplicates: 31,
    },
    resume_ms: { p50: 310, p95: 1_240, p99: 4_020 },
    event_loop_delay_ms: { p50: 0.2, p95: 1.1, p99: 3.4 },
    ...change,
  };
}

/** A voice client that shows the snapshot set by the test. */
export function fakeClient() {
  let snapshot = IDLE;
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(level: Level) => void>();
  const undeliveredListeners = new Set<(audio: Undelivered) => void>();
  const calls = { press: 0, retryNow: 0, setPaused: [] as boolean[], setMuted: [] as boolean[] };
  const client: VoiceClient = {
    press: () => void calls.press++,
    setPaused: (paused) => void calls.setPaused.push(paused),
    setMuted: (muted) => void calls.setMuted.push(muted),
    retryNow: () => void calls.retryNow++,
    setHostUnproven: () => undefined,
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLevel(listener) {
      levelListeners.add(listener);
      return () => levelListeners.delete(listener);
    },
    onUndelivered(listener) {
      undeliveredListeners.add(listener);
      return () => undeliveredListeners.delete(listener);
    },
    dispose() {},
  };
  return {
    client,
    calls,
    listeners,
    levelListeners,
    show(change: Partial<VoiceSnapshot>) {
      snapshot = { ...snapshot, ...change };
      for (const listener of [...listeners]) listener();
    },
    emitUndelivered(audio: Undelivered) {
      for (const listener of [...undeliveredListeners]) listener(audio);
    },
    emitLevel(peak: number | null) {
      for (const listener of [...levelListeners]) listener({ peak, rms: peak });
    },
  };
}

type Listeners = { [Name in BridgeEventName]: Set<(payload: BridgePayload<Name>) => void> };

/** A bridge whose host does nothing; a test passes the calls that it needs. */
export function fakeBridge(calls: Partial<Bridge> = {}) {
  let settings: Settings = DEFAULT_SETTINGS;
  const listeners: Listeners = {
    onLogRecords: new Set(),
    onVoiceAddress: new Set(),
    onRecordingSaved: new Set(),
    onRecordingChanged: new Set(),
    onRecordingsRemoved: new Set(),
    onRecordingsFolder: new Set(),
    onRecordingFailed: new Set(),
    onDescriptionMissing: new Set(),
    onRecordingDelayed: new Set(),
    onRecordingDiscarded: new Set(),
    onSettings: new Set(),
    onHealth: new Set(),
    onDesktop: new Set(),
    onMicCommand: new Set(),
    onStatusRequest: new Set(),
    onLevelsWanted: new Set(),
    onDownload: new Set(),
  };
  const on =
    <Name extends BridgeEventName>(name: Name) =>
    (listener: (payload: BridgePayload<Name>) => void) => {
      listeners[name].add(listener);
      return () => void listeners[name].delete(listener);
    };
  const emit = <Name extends BridgeEventName>(name: Name, payload: BridgePayload<Name>) => {
    for (const listener of [...listeners[name]]) listener(payload);
  };
  const bridge: Bridge = {
    getAppInfo: async () => APP_INFO,
    getVoiceAddress: async () => ({ url: null, token: '', accepting: true }),
    getSettings: async () => settings,
    changeSettings: async (patch) => {
      settings = { ...settings, ...(patch as Partial<Settings>) };
      emit('onSettings', settings);
      return settings;
    },
    takeSettingsProblem: async () => ({ problem: null }),
    appendLog: async () => undefined,
    getLogHistory: async () => [],
    showLogFile: async () => ({ path: '/data/logs/earshot.log' }),
    listRecordings: async () => page([]),
    describeRecording: async ({ id, title, note }) =>
      recording({ id, ...(title ? { title } : {}), ...(note ? { note } : {}) }),
    deleteRecordings: async ({ ids }) => ({ done: ids, failed: [] }),
    restoreRecordings: async ({ ids }) => ({ done: ids, failed: [] }),
    getWaveform: async ({ buckets }) => ({ peaks: Array.from({ length: buckets }, (_, i) => i % 256) }),
    getRecordingsFolder: async () => ({
      path: '/data/recordings',
      is_default: true,
      present: true,
      move: null,
      error: null,
    }),
    openRecordingsFolder: async () => true,
    chooseRecordingsFolder: async () => true,
    useDefaultRecordingsFolder: async () => undefined,
    cancelRecordingsMove: async () => undefined,
    previewRetention: async () => ({ recordings: 0, duration_s: 0, bytes: 0, oldest: null, newest: null }),
    trimRecording: async ({ id }) => recording({ id: `${id}-2` }),
    getRecordingUrl: async ({ id }) => ({ url: `recordings/${'s'.repeat(43)}/${id}.wav` }),
    showRecording: async ({ id }) => ({ path: `/data/earshot/recordings/${id}.wav` }),
    dragRecordings: async () => undefined,
    chooseSaveFolder: async () => true,
    saveNextToFolder: async () => undefined,
    cancelDownload: async () => undefined,
    showDownload: async () => undefined,
    beginImport: async () => ({ id: 'i'.repeat(43), url: `imports/${'i'.repeat(43)}` }),
    finishImport: async () => {
      throw new EarshotError('no_such_import', 'The fake host imports nothing.');
    },
    cancelImport: async () => undefined,
    endInterruptedTurn: async () => ({ state: 'ended', recordings: [], failure: null }),
    reportTurn: async () => undefined,
    reportTalk: async () => undefined,
    reportLevel: async () => undefined,
    reportStatus: async () => undefined,
    getHealth: async () => NO_HEALTH,
    watchHealth: async () => NO_HEALTH,
    openWindow: async () => true,
    getDesktop: async () => NO_DESKTOP,
    getDefaultMicrophone: async () => ({ label: '' }),
    restartAudio: async () => false,
    openMicrophoneSettings: async () => false,
    stepUpdate: async () => undefined,
    onLogRecords: on('onLogRecords'),
    onVoiceAddress: on('onVoiceAddress'),
    onRecordingSaved: on('onRecordingSaved'),
    onRecordingChanged: on('onRecordingChanged'),
    onRecordingsRemoved: on('onRecordingsRemoved'),
    onRecordingsFolder: on('onRecordingsFolder'),
    onRecordingFailed: on('onRecordingFailed'),
    onDescriptionMissing: on('onDescriptionMissing'),
    onRecordingDelayed: on('onRecordingDelayed'),
    onRecordingDiscarded: on('onRecordingDiscarded'),
    onSettings: on('onSettings'),
    onHealth: on('onHealth'),
    onDesktop: on('onDesktop'),
    onMicCommand: on('onMicCommand'),
    onStatusRequest: on('onStatusRequest'),
    onLevelsWanted: on('onLevelsWanted'),
    onDownload: on('onDownload'),
    ...calls,
  };
  return { bridge, emit };
}

/** A log record; `seq` also sets its time, one second apart. */
export function record(seq: number, change: Partial<LogRecord> = {}): LogRecord {
  return { seq, time: seq * 1000, side: 'server', level: 'info', event: 'WS_SEND', fields: { line: seq }, ...change };
}

/** `count` log records, starting with `first`. */
export function records(first: number, count: number): LogRecord[] {
  return Array.from({ length: count }, (_, i) => record(first + i));
}

/** The first and last page of a list. */
export function page(recordings: RecordingInfo[]): RecordingPage {
  return { recordings, next: null, total: recordings.length };
}

export function recording(change: Partial<RecordingInfo> = {}): RecordingInfo {
  return {
    id: 'rec-1',
    session_id: 's1',
    user_id: 'me',
    turn: 1,
    started_at: new Date().toISOString(),
    duration_s: 12.2,
    gaps: [],
    peak_dbfs: -3.2,
    rms_dbfs: -21.4,
    complete: true,
    ...change,
  };
}
