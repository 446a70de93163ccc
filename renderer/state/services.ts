import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Bridge } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { RetentionPreview } from '../../shared/recording-library.ts';
import type { RetentionPolicy } from '../../shared/retention.ts';
import { type AudioFiles, createAudioFiles } from '../audio-files/audio-files.ts';
import type { Link, LinkState } from '../bridge/link.ts';
import { saveFile, saveFrom } from '../ui/save-file.ts';
import type { VoiceClient } from '../voice/voice-client.ts';
import { afterPaint } from './after-paint.ts';
import { createCancelledTurns } from './cancelled-turns.ts';
import {
  createDescriptionDrafts,
  type DescribedField,
  type DescriptionDrafts,
  type Draft,
  draftKey,
} from './description-drafts.ts';
import { createDesktopStore, type DesktopStore, type DesktopView } from './desktop-store.ts';
import { createFileTasksStore, type FileTasksState, type FileTasksStore } from './file-tasks-store.ts';
import { followLogSettings } from './follow-log-settings.ts';
import { createHealthStore, type HealthState, type HealthStore } from './health-store.ts';
import {
  createInterruptedTurnStore,
  type InterruptedTurnState,
  type InterruptedTurnStore,
} from './interrupted-turn-store.ts';
import { createLevelFeed, type LevelFeed } from './level-feed.ts';
import type { LogOutbox } from './log-outbox.ts';
import { createLogStore, type LogState, type LogStore } from './log-store.ts';
import { followMicCommands, type MicCommands } from './mic-command.ts';
import { createMicTest, type MicTest } from './mic-test-store.ts';
import { createMicrophoneAccess, type MicrophoneAccess } from './microphone-access.ts';
import type { OpenMicrophone } from './microphone-opener.ts';
import { createMicrophonesStore, type MicrophonesState, type MicrophonesStore } from './microphones-store.ts';
import { type OpenTurnTracker, readOpenTurn, type TurnStorage, trackOpenTurn } from './open-turn.ts';
import { createOutputStore, type OutputStore } from './output-store.ts';
import { plainLine } from './plain-line.ts';
import { playSamples } from './play-samples.ts';
import { createPlayerStore, type PlayerState, type PlayerStore } from './player-store.ts';
import { createRecordingListStore, type RecordingListState, type RecordingListStore } from './recording-list-store.ts';
import {
  createRecordingsFolderStore,
  type RecordingsFolderState,
  type RecordingsFolderStore,
} from './recordings-folder-store.ts';
import { createRecordingsStore, type RecordingsState, type RecordingsStore } from './recordings-store.ts';
import { searchedText } from './searched-text.ts';
import { createSessionIndex } from './session-index.ts';
import { followSessions, type SessionStore } from './session-store.ts';
import type { SettingsState, SettingsStore } from './settings-store.ts';
import { playSounds } from './sounds.ts';
import { createTalkControl, type TalkControl } from './talk-control.ts';
import {
  createUnsavedAudioStore,
  holdsAudio,
  type UnsavedAudioState,
  type UnsavedAudioStore,
} from './unsaved-audio-store.ts';
import { createVoiceStore, isMicOn, type VoiceState, type VoiceStore } from './voice-store.ts';
import { createWaveformStore, type WaveformStore } from './waveform-store.ts';

/** What the components use. Created once, outside React, so that StrictMode's second mount shares it. */
export interface Services {
  voice: VoiceStore;
  levels: LevelFeed;
  log: LogStore;
  /** The sessions of the log that is shown. */
  sessions: SessionStore;
  health: HealthStore;
  /** The recordings of this window's turns. */
  recordings: RecordingsStore;
  /** All recordings on disk. */
  recordingList: RecordingListStore;
  /** Titles and notes that are being edited. */
  drafts: DescriptionDrafts;
  /** Where the recordings are. */
  recordingsFolder: RecordingsFolderStore;
  waveforms: WaveformStore;
  player: PlayerStore;
  /** Export and import of audio files. */
  audioFiles: AudioFiles;
  /** Exports and imports in progress. */
  fileTasks: FileTasksStore;
  /** Shows a recording's file in the file manager. @returns its path if that is not possible */
  showRecording(id: string): Promise<string | null>;
  /** Shows the log file in the file manager. @returns its path if that is not possible */
  showLogFile(): Promise<string | null>;
  /** Continues a drag of this window with the files of recordings. Desktop app only. */
  dragRecordings(ids: string[]): Promise<void>;
  /** The URL of a recording's WAV, relative to the page. */
  recordingUrl(id: string): Promise<string>;
  openTurn: OpenTurnTracker;
  interrupted: InterruptedTurnStore;
  unsavedAudio: UnsavedAudioStore;
  settings: SettingsStore;
  microphones: MicrophonesStore;
  access: MicrophoneAccess;
  /** The device that plays recordings. */
  output: OutputStore;
  micTest: MicTest;
  desktop: DesktopStore;
  /** Starts, stops, pauses and mutes this window's turns. */
  talk: TalkControl;
  commands: MicCommands;
  link: Link;
  /** Whether this page holds audio that is not saved. */
  holdsAudio(): boolean;
  /** What a retention policy would delete now. */
  previewRetention(policy: RetentionPolicy): Promise<RetentionPreview>;
  /** Opens another window, or another tab if the host has no windows. Never rejects. */
  openWindow(): Promise<void>;
  dispose(): void;
}

export interface ServicesOptions {
  bridge: Bridge;
  link: Link;
  client: VoiceClient;
  settings: SettingsStore;
  /** Opens the microphone of the settings, for a test. */
  openTestMicrophone: OpenMicrophone;
  /** This window's log events. */
  outbox: LogOutbox;
  /** Stores the open turn for the next page of this window. */
  storage: TurnStorage;
  /** This page was loaded by a reload. */
  reloaded: boolean;
  /** Opens this page in another tab. */
  openTab: () => Promise<void>;
  /** Whether the host proves at this moment that it has the page's port. */
  isHostProven: () => Promise<boolean>;
}

export function createServices(options: ServicesOptions): Services {
  const { bridge, link, client, settings, outbox, storage, reloaded, openTab, isHostProven, openTestMicrophone } =
    options;
  const voice = createVoiceStore(client);
  const unsavedAudio = createUnsavedAudioStore({ client, saveFile });
  // Read before this page stores a turn of its own.
  const turn = readOpenTurn(storage);
  const openTurn = trackOpenTurn(voice, storage);
  const interrupted = createInterruptedTurnStore({ bridge, voice, turn, reloaded, forget: openTurn.forget });
  const isPlainLog = () => settings.getState().settings.log_detail === 'plain';
  const sessionIndex = createSessionIndex();
  const log = createLogStore(bridge, outbox, {
    reader: {
      keyOf: sessionIndex.keyOf,
      isPlain: (record) => plainLine(record) !== null,
      // What is searched is what is shown.
      searchedText: (record) => (isPlainLog() ? (plainLine(record) ?? '') : searchedText(record)),
    },
  });
  const sessions = followSessions(log, sessionIndex, outbox.windowId);
  const stopLogChoices = followLogSettings(settings, log);
  const health = createHealthStore(bridge);
  const recordings = createRecordingsStore(bridge, voice, link);
  const urlOf = async (id: string) => (await bridge.getRecordingUrl({ id })).url;
  // Undefined outside a secure context, despite its type.
  const media = globalThis.navigator?.mediaDevices ?? null;
  const microphones = createMicrophonesStore({ bridge, media, window, hasFocus: () => document.hasFocus() });
  const output = createOutputStore(settings, microphones);
  const player = createPlayerStore({
    urlOf,
    async createAudio(url) {
      const audio = new Audio(url);
      await output.use(audio);
      return audio;
    },
  });
  const recordingList = createRecordingListStore(bridge, link, afterPaint);
  const drafts = createDescriptionDrafts(recordingList.describe);
  const recordingsFolder = createRecordingsFolderStore(bridge, link);
  const audioFiles = createAudioFiles({ urlOf, bridge, isHostProven });
  const fileTasks = createFileTasksStore({
    bridge,
    shell: settings.getState().info.shell,
    audioFiles,
    saveFile: (content, name) => (typeof content === 'string' ? saveFrom(content, name) : saveFile(content, name)),
  });
  const waveforms = createWaveformStore(bridge);
  const stopForgetting = bridge.onRecordingsRemoved(({ ids }) => {
    player.forget(ids);
    waveforms.forget(ids);
  });
  const stopSounds = playSounds({
    voice,
    isEnabled: () => settings.getState().settings.sounds,
    play: (pcm) => playSamples(pcm, output.sinkId()),
  });
  const stopPausingPlayer = voice.subscribe((state) => player.silence(isMicOn(state)));
  const cancelled = createCancelledTurns({
    bridge,
    voice,
    saved: () => recordings.getState().own,
    remove: recordingList.remove,
  });
  // Before the desktop store, because its first request tells the host that this page handles commands.
  const micTest = createMicTest({
    open: openTestMicrophone,
    channel: () => settings.getState().settings.microphone_channel,
    isBusy: () => isMicOn(voice.getState()) || talk.isActive(),
    onStart() {
      // The microphone would record the player.
      player.silence(true);
      player.silence(isMicOn(voice.getState()));
    },
    play: (pcm) => playSamples(pcm, output.sinkId()),
  });
  const talk = createTalkControl(voice, {
    press() {
      micTest.cancel();
      client.press();
    },
    setPaused: client.setPaused,
    setMuted: client.setMuted,
  });
  const stopFirstSteps = voice.subscribe(({ view }) => {
    if (view === 'listening' && !settings.getState().settings.first_steps_done)
      void settings.change({ first_steps_done: true });
  });
  const commands = followMicCommands(bridge, talk, cancelled.cancel);
  const desktop = createDesktopStore(bridge, settings.getState().info.shell);
  return {
    voice,
    levels: createLevelFeed(client),
    log,
    sessions,
    health,
    recordings,
    recordingList,
    drafts,
    recordingsFolder,
    waveforms,
    player,
    audioFiles,
    fileTasks,
    showRecording: async (id) => (await bridge.showRecording({ id })).path,
    showLogFile: async () => (await bridge.showLogFile()).path,
    dragRecordings: (ids) => bridge.dragRecordings({ ids }),
    recordingUrl: urlOf,
    openTurn,
    interrupted,
    unsavedAudio,
    settings,
    microphones,
    access: createMicrophoneAccess(media, () => void microphones.refresh()),
    output,
    micTest,
    desktop,
    talk,
    commands,
    link,
    holdsAudio: () => holdsAudio(voice.getState(), unsavedAudio.getState()),
    previewRetention: (policy) => bridge.previewRetention({ policy }),
    async openWindow() {
      const opened = await bridge.openWindow().catch(() => false);
      if (!opened) await openTab();
    },
    dispose() {
      stopSounds();
      stopPausingPlayer();
      stopForgetting();
      stopFirstSteps();
      stopLogChoices();
      micTest.cancel();
      const parts = [
        commands,
        cancelled,
        openTurn,
        interrupted,
        unsavedAudio,
        voice,
        sessions,
        log,
        health,
        recordings,
        drafts,
        recordingList,
        recordingsFolder,
        fileTasks,
        player,
        output,
        settings,
        microphones,
        desktop,
      ];
      for (const part of parts) part.dispose();
    },
  };
}

export const ServicesContext = createContext<Services | null>(null);

/** @throws {EarshotError} `no_services` outside of a `ServicesContext` */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new EarshotError('no_services', 'This component must be inside a ServicesContext.');
  return services;
}

export function useLink(): LinkState {
  const { link } = useServices();
  return useSyncExternalStore(link.subscribe, link.state);
}

export function useVoice<T>(select: (state: VoiceState) => T): T {
  return useStore(useServices().voice, select);
}

export function useLog<T>(select: (state: LogState) => T): T {
  return useStore(useServices().log, select);
}

/** Selects from the sessions of the log: whenever records or their sessions have changed. */
export function useSessions<T>(select: (sessions: SessionStore) => T): T {
  const { log, sessions } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [log.subscribe(listener), sessions.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [log, sessions],
  );
  return useSyncExternalStore(subscribe, () => select(sessions));
}

export function useHealth<T>(select: (state: HealthState) => T): T {
  return useStore(useServices().health, select);
}

export function useRecordings<T>(select: (state: RecordingsState) => T): T {
  return useStore(useServices().recordings, select);
}

export function useRecordingList<T>(select: (state: RecordingListState) => T): T {
  return useStore(useServices().recordingList, select);
}

/** What was typed into a field of a recording; undefined: nothing. */
export function useDraft(field: DescribedField, id: string): Draft | undefined {
  return useStore(useServices().drafts, (drafts) => drafts.get(draftKey(field, id)));
}

export function useRecordingsFolder<T>(select: (state: RecordingsFolderState) => T): T {
  return useStore(useServices().recordingsFolder, select);
}

export function useFileTasks<T>(select: (state: FileTasksState) => T): T {
  return useStore(useServices().fileTasks, select);
}

export function useInterruptedTurn<T>(select: (state: InterruptedTurnState) => T): T {
  return useStore(useServices().interrupted, select);
}

export function useUnsavedAudio<T>(select: (state: UnsavedAudioState) => T): T {
  return useStore(useServices().unsavedAudio, select);
}

export function usePlayer<T>(select: (state: PlayerState) => T): T {
  return useStore(useServices().player, select);
}

export function useSettings<T>(select: (state: SettingsState) => T): T {
  return useStore(useServices().settings, select);
}

/** Draws a component again when the language changes, also one that `memo` would leave as it is. */
export function useLanguage(): void {
  useSettings((state) => state.settings.language);
}

export function useMicrophones<T>(select: (state: MicrophonesState) => T): T {
  return useStore(useServices().microphones, select);
}

export function useDesktop<T>(select: (state: DesktopView) => T): T {
  return useStore(useServices().desktop, select);
}
