import { contextBridge, ipcRenderer } from 'electron';
import type { BridgeAnswer, BridgeCallName, BridgeEventName, Unsubscribe } from '../shared/bridge.ts';
import { createCallGate } from '../shared/call-gate.ts';

// Electron's security checklist, item 20: no API of Electron is handed to the page, only functions of our own.

// The contract's names and nothing of its schemas: these would bring 190 KB of validation into every window's start.
// The types make the two lists complete and free of strangers.
const CALLS: Record<BridgeCallName, true> = {
  getAppInfo: true,
  getVoiceAddress: true,
  getSettings: true,
  changeSettings: true,
  appendLog: true,
  getLogHistory: true,
  listRecordings: true,
  getRecordingUrl: true,
  endInterruptedTurn: true,
  reportTurn: true,
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
  onRecordingFailed: true,
  onDescriptionMissing: true,
  onRecordingDelayed: true,
  onRecordingDiscarded: true,
  onSettings: true,
  onHealth: true,
  onDesktop: true,
  onMicCommand: true,
};

type Call = (args: unknown) => Promise<BridgeAnswer>;
type Listen = (listener: (payload: unknown) => void) => Unsubscribe;

const ask = createCallGate((name, args) => ipcRenderer.invoke(`earshot:${name}`, args));
const call =
  (name: string): Call =>
  (args) =>
    ask(name, args);

const listen =
  (name: string): Listen =>
  (listener) => {
    const channel = `earshot:${name}`;
    // The event itself stays here: it carries Electron's own objects.
    const heard = (_event: unknown, payload: unknown) => listener(payload);
    ipcRenderer.on(channel, heard);
    return () => {
      // No return value: `off` gives back ipcRenderer itself, which the page must never hold.
      ipcRenderer.off(channel, heard);
    };
  };

contextBridge.exposeInMainWorld('earshot', {
  ...Object.fromEntries(Object.keys(CALLS).map((name) => [name, call(name)])),
  ...Object.fromEntries(Object.keys(EVENTS).map((name) => [name, listen(name)])),
});
