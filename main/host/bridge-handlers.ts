import {
  type AppInfo,
  BRIDGE_CALLS,
  type BridgeAnswer,
  type BridgeArgs,
  type BridgeCallName,
  type BridgeHandlers,
  type InterruptedTurn,
  type VoiceAddress,
} from '../../shared/bridge.ts';
import type { DesktopState, UpdateStep } from '../../shared/desktop.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Health } from '../../shared/health.ts';
import type { Log, LogDraft, LogRecord } from '../../shared/log-event.ts';
import type { Settings, SettingsPatch, SettingsProblem } from '../../shared/settings.ts';
import type { MovableRecordings } from '../recordings/folder/movable-recordings.ts';
import type { RecordingLibrary } from '../recordings/library/library.ts';
import type { RecordingImports } from '../recordings/recording-imports.ts';
import { HostError, sentenceOf } from '../text/host-error.ts';
import { text } from '../text/text.ts';

/** Calls that the shell implements, not the host. */
export interface ShellCalls {
  /** @returns false if this shell can't open windows */
  openWindow(): boolean;
  /** @throws {EarshotError} `no_desktop` if this shell is not the desktop app */
  desktop(): DesktopState;
  /** @returns false if this shell has no audio process of its own */
  restartAudio(): boolean;
  /** @returns false if there is no such page */
  openMicrophoneSettings(): Promise<boolean>;
  /** @throws {EarshotError} `update_busy` during a turn, `no_update` if there is no update */
  stepUpdate(step: UpdateStep): Promise<void>;
  /** @throws {EarshotError} `no_desktop` if this shell is not the desktop app */
  dragRecordings(): Promise<void>;
  /** @returns true also if this shell lets the browser choose the folder */
  chooseSaveFolder(): Promise<boolean>;
  /** @throws {EarshotError} `no_desktop` */
  showDownload(): Promise<void>;
}

/** The shell of a browser tab, which implements none of these calls. */
export const NO_SHELL: ShellCalls = {
  openWindow: () => false,
  desktop: () => {
    throw new HostError('no_desktop', ({ noDesktop }) => noDesktop);
  },
  restartAudio: () => false,
  openMicrophoneSettings: async () => false,
  stepUpdate: async () => {
    throw new HostError('no_update', ({ noUpdateInTab }) => noUpdateInTab);
  },
  dragRecordings: async () => {
    throw new HostError('no_desktop', ({ noDragInTab }) => noDragInTab);
  },
  chooseSaveFolder: async () => true,
  showDownload: async () => {
    throw new HostError('no_desktop', ({ noDownloadInTab }) => noDownloadInTab);
  },
};

/** The parts of the host that windows can reach over the bridge. */
export interface BridgeDependencies {
  info: AppInfo;
  voiceAddress(): VoiceAddress;
  settings: { get(): Settings; change(patch: SettingsPatch): Settings };
  /** What was wrong with the settings file, once; then null. */
  takeSettingsProblem(): SettingsProblem | null;
  bus: { appendBatch(drafts: readonly LogDraft[]): void; historyPage(before?: number): LogRecord[] };
  /** Absolute path. */
  logFile: string;
  recordings: RecordingLibrary & { urlOf(id: string): Promise<string> };
  imports: Pick<RecordingImports, 'begin' | 'finish' | 'cancel'>;
  recordingsFolder: Pick<MovableRecordings, 'folder' | 'moveTo' | 'cancelMove'>;
  /** Ends the sessions of a turn whose page is gone. */
  endInterruptedTurn(sessionIds: readonly string[]): Promise<InterruptedTurn>;
  health: { snapshot(): Health; watchedSnapshot(): Health };
  /** Empty if unknown. */
  defaultMicrophone(): Promise<string>;
  shell: ShellCalls;
  log: Log;
}

/** Implements every call of the bridge. */
export function createBridgeHandlers(dependencies: BridgeDependencies): BridgeHandlers {
  const { bus, recordings, imports, settings, log, shell } = dependencies;
  return {
    getAppInfo: () => dependencies.info,
    getVoiceAddress: () => dependencies.voiceAddress(),
    getSettings: () => settings.get(),
    changeSettings: (patch) => {
      const before = settings.get();
      const after = settings.change(patch);
      const names = (Object.keys(after) as (keyof Settings)[]).filter((name) => after[name] !== before[name]);
      // Names only: users share their logs, and a microphone id identifies the machine.
      if (names.length > 0) log('SETTINGS_CHANGED', { names: names.join(',') });
      return after;
    },
    takeSettingsProblem: () => ({ problem: dependencies.takeSettingsProblem() }),
    appendLog: (drafts) => bus.appendBatch(drafts),
    getLogHistory: (query) => bus.historyPage(query?.before),
    showLogFile: () => ({ path: dependencies.logFile }),
    listRecordings: (query) => recordings.page(query),
    describeRecording: (description) => recordings.describe(description),
    deleteRecordings: ({ ids }) => recordings.delete(ids),
    restoreRecordings: ({ ids }) => recordings.restore(ids),
    getWaveform: ({ id, buckets }) => recordings.waveform(id, buckets),
    previewRetention: ({ policy }) => recordings.previewRetention(policy),
    trimRecording: (range) => recordings.trim(range),
    getRecordingUrl: async ({ id }) => ({ url: await recordings.urlOf(id) }),
    getRecordingsFolder: () => dependencies.recordingsFolder.folder(),
    openRecordingsFolder: () => false,
    chooseRecordingsFolder: () => {
      throw new HostError('no_desktop', ({ noFolderChoiceInTab }) => noFolderChoiceInTab);
    },
    useDefaultRecordingsFolder: () => dependencies.recordingsFolder.moveTo(null),
    cancelRecordingsMove: () => dependencies.recordingsFolder.cancelMove(),
    showRecording: async ({ id }) => ({ path: await recordings.pathOf(id) }),
    dragRecordings: () => shell.dragRecordings(),
    chooseSaveFolder: () => shell.chooseSaveFolder(),
    saveNextToFolder: () => undefined,
    cancelDownload: () => undefined,
    showDownload: () => shell.showDownload(),
    beginImport: ({ name }) => imports.begin(name),
    finishImport: ({ id }) => imports.finish(id),
    cancelImport: ({ id }) => imports.cancel(id),
    endInterruptedTurn: ({ session_ids }) => dependencies.endInterruptedTurn(session_ids),
    // The desktop shell handles these calls itself, because it needs to know which window sent them.
    reportTurn: () => undefined,
    reportTalk: () => undefined,
    reportLevel: () => undefined,
    reportStatus: () => undefined,
    getHealth: () => dependencies.health.snapshot(),
    watchHealth: () => dependencies.health.watchedSnapshot(),
    openWindow: () => shell.openWindow(),
    getDesktop: () => shell.desktop(),
    getDefaultMicrophone: async () => ({ label: await dependencies.defaultMicrophone() }),
    restartAudio: () => shell.restartAudio(),
    openMicrophoneSettings: () => shell.openMicrophoneSettings(),
    stepUpdate: (step) => shell.stepUpdate(step),
  };
}

/**
 * Answers one call from a window. The name and the arguments are untrusted and are parsed here. Never rejects.
 * @param onUnexpectedError called with an unexpected error of a handler
 * @returns the result, or a failure as a value: `bad_call` (unknown call), `bad_arguments`, `internal` (unexpected
 *   error) or the code of the handler's `EarshotError`
 */
export async function answerBridgeCall(
  handlers: BridgeHandlers,
  call: string,
  args: unknown,
  onUnexpectedError: (call: string, error: unknown) => void,
): Promise<BridgeAnswer> {
  // Object.hasOwn excludes inherited names such as 'constructor'.
  if (!Object.hasOwn(BRIDGE_CALLS, call)) return failure('bad_call', 'The host does not know this call.');
  const name = call as BridgeCallName;
  const parsed = BRIDGE_CALLS[name].args.safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return failure('bad_arguments', `${name}: ${[...(issue?.path ?? []), issue?.message].join(' ')}`);
  }
  try {
    // The compiler can't see that this handler takes the output of this schema.
    const handler = handlers[name] as (args: BridgeArgs<BridgeCallName>) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    if (error instanceof EarshotError) return failure(error.code, sentenceOf(error));
    onUnexpectedError(name, error);
    return failure('internal', text.errors.unexpected({ call: name, why: describeError(error) }));
  }
}

function failure(code: string, message: string): BridgeAnswer {
  return { ok: false, error: { code, message } };
}
