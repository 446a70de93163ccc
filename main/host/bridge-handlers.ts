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
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';

/** What only the shell around the host can do. */
export interface ShellCalls {
  /** False: this shell can't open a window itself. */
  openWindow(): boolean;
  /** @throws {EarshotError} `no_desktop` where there is none */
  desktop(): DesktopState;
  /** False: this shell has no audio process of its own. */
  restartAudio(): boolean;
  /** False: neither this shell nor the system has such a page. */
  openMicrophoneSettings(): Promise<boolean>;
  /** @throws {EarshotError} `update_busy` during a turn, `no_update` where there is nothing to do */
  stepUpdate(step: UpdateStep): Promise<void>;
}

/** A shell without powers of its own: a browser tab's. */
export const NO_SHELL: ShellCalls = {
  openWindow: () => false,
  desktop: () => {
    throw new EarshotError('no_desktop', 'These settings belong to the desktop app.');
  },
  restartAudio: () => false,
  openMicrophoneSettings: async () => false,
  stepUpdate: async () => {
    throw new EarshotError('no_update', 'A browser tab is updated with the program that serves it.');
  },
};

/** The rooms behind the bridge, as far as a window may reach them. */
export interface BridgeDependencies {
  info: AppInfo;
  voiceAddress(): VoiceAddress;
  settings: { get(): Settings; change(patch: SettingsPatch): Settings };
  bus: { appendBatch(drafts: readonly LogDraft[]): void; history(): LogRecord[] };
  recordings: {
    list(): Promise<RecordingInfo[]>;
    urlOf(id: string): Promise<string>;
  };
  /** Ends the sessions of a turn whose page is gone. */
  endInterruptedTurn(sessionIds: readonly string[]): Promise<InterruptedTurn>;
  health: { figures(): Health; watchedFigures(): Health };
  /** Empty: not known. */
  defaultMicrophone(): Promise<string>;
  shell: ShellCalls;
  log: Log;
}

/** What each call of the bridge does. */
export function createBridgeHandlers(rooms: BridgeDependencies): BridgeHandlers {
  const { bus, recordings, settings, log, shell } = rooms;
  return {
    getAppInfo: () => rooms.info,
    getVoiceAddress: () => rooms.voiceAddress(),
    getSettings: () => settings.get(),
    changeSettings: (patch) => {
      const before = settings.get();
      const after = settings.change(patch);
      const names = (Object.keys(after) as (keyof Settings)[]).filter((name) => after[name] !== before[name]);
      // Names only: the log is made to be passed on, and a microphone's id tells one machine from another.
      if (names.length > 0) log('SETTINGS_CHANGED', { names: names.join(',') });
      return after;
    },
    appendLog: (drafts) => bus.appendBatch(drafts),
    getLogHistory: () => bus.history(),
    listRecordings: () => recordings.list(),
    getRecordingUrl: async ({ id }) => ({ url: await recordings.urlOf(id) }),
    endInterruptedTurn: ({ session_ids }) => rooms.endInterruptedTurn(session_ids),
    // The shell that has windows hears it with the window that said it.
    reportTurn: () => undefined,
    getHealth: () => rooms.health.figures(),
    watchHealth: () => rooms.health.watchedFigures(),
    openWindow: () => shell.openWindow(),
    getDesktop: () => shell.desktop(),
    getDefaultMicrophone: async () => ({ label: await rooms.defaultMicrophone() }),
    restartAudio: () => shell.restartAudio(),
    openMicrophoneSettings: () => shell.openMicrophoneSettings(),
    stepUpdate: (step) => shell.stepUpdate(step),
  };
}

/**
 * Answers one call as it came from a window: name and arguments are the window's word and are parsed here.
 * @returns a failure as a value; never rejects. `bad_call`: no such call, `bad_arguments`: not what it takes,
 *   `internal`: a mistake of ours, told to `onMistake`
 */
export async function answerBridgeCall(
  handlers: BridgeHandlers,
  call: string,
  args: unknown,
  onMistake: (call: string, error: unknown) => void,
): Promise<BridgeAnswer> {
  // Object.hasOwn: 'constructor' is not a call.
  if (!Object.hasOwn(BRIDGE_CALLS, call)) return failure('bad_call', 'The host does not know this call.');
  const name = call as BridgeCallName;
  const parsed = BRIDGE_CALLS[name].args.safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return failure('bad_arguments', `${name}: ${[...(issue?.path ?? []), issue?.message].join(' ')}`);
  }
  try {
    // One cast for the table: the compiler can't see that this handler takes what this schema made.
    const handler = handlers[name] as (args: BridgeArgs<BridgeCallName>) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    if (error instanceof EarshotError) return failure(error.code, error.message);
    onMistake(name, error);
    return failure('internal', `${name} failed: ${describeError(error)}. The log has more.`);
  }
}

function failure(code: string, message: string): BridgeAnswer {
  return { ok: false, error: { code, message } };
}
