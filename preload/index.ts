import { contextBridge, ipcRenderer } from 'electron';
import type { BridgeAnswer, BridgeCallName, BridgeEventName, Unsubscribe } from '../shared/bridge.ts';
import { createCallLimiter } from '../shared/call-limiter.ts';

// Electron's security checklist, item 20: no Electron API is exposed to the page, only the functions below.

// The names of the bridge's calls and events, without their schemas, which would add 190 KB of validation code to the
// start of every window. The types require both lists to be complete and exact.
const CALLS: Record<BridgeCallName, true> = {
  getAppInfo: true,
  getVoiceAddress: true,
  getSettings: true,
  changeSettings: true,
  takeSettingsProblem: true,
  appendLog: true,
  getLogHistory: true,
  showLogFile: true,
  listRecordings: true,
  describeRecording: true,
  deleteRecordings: true,
  restoreRecordings: true,
  getWaveform: true,
  previewRetention: true,
  trimRecording: true,
  getRecordingsFolder: true,
  openRecordingsFolder: true,
  chooseRecordingsFolder: true,
  useDefaultRecordingsFolder: true,
  cancelRecordingsMove: true,
  showRecording: true,
  dragRecordings: true,
  chooseSaveFolder: true,
  saveNextToFolder: true,
  cancelDownload: true,
  showDownload: true,
  beginImport: true,
  finishImport: true,
  cancelImport: true,
  getRecordingUrl: true,
  endInterruptedTurn: true,
  reportTurn: true,
  reportTalk: true,
  reportLevel: true,
  reportStatus: true,
  getHealth: true,
  watchHealth: true,
  openWindow: true,
  getDesktop: true,
  getDefaultMicrophone: true,
  restartAudio: true,
  openMicrophoneSettings: true,
  stepUpdate: true,
};
const EVENTS: Record<BridgeEventName, true> = {
  onLogRecords: true,
  onVoiceAddress: true,
  onRecordingSaved: true,
  onRecordingChanged: true,
  onRecordingsRemoved: true,
  onRecordingsFolder: true,
  onRecordingFailed: true,
  onDescriptionMissing: true,
  onRecordingDelayed: true,
  onRecordingDiscarded: true,
  onSettings: true,
  onHealth: true,
  onDesktop: true,
  onMicCommand: true,
  onStatusRequest: true,
  onLevelsWanted: true,
  onDownload: true,
};

type Call = (args: unknown) => Promise<BridgeAnswer>;
type Subscribe = (listener: (payload: unknown) => void) => Unsubscribe;

const invoke = createCallLimiter((name, args) => ipcRenderer.invoke(`earshot:${name}`, args));
const call =
  (name: string): Call =>
  (args) =>
    invoke(name, args);

const subscribe =
  (name: string): Subscribe =>
  (listener) => {
    const channel = `earshot:${name}`;
    // Does not pass on the event, which contains Electron's own objects.
    const onMessage = (_event: unknown, payload: unknown) => listener(payload);
    ipcRenderer.on(channel, onMessage);
    return () => {
      // No return value: `off` returns ipcRenderer itself, which the page must never get.
      ipcRenderer.off(channel, onMessage);
    };
  };

contextBridge.exposeInMainWorld('earshot', {
  ...Object.fromEntries(Object.keys(CALLS).map((name) => [name, call(name)])),
  ...Object.fromEntries(Object.keys(EVENTS).map((name) => [name, subscribe(name)])),
});
