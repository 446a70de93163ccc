import { contextBridge, ipcRenderer } from 'electron';
import { OVERLAY_CHANNELS, OVERLAY_COMMANDS, type OverlayBridge } from '../shared/overlay.ts';

// Electron's security checklist, item 20: no Electron API is exposed to the page, only these three functions.

/** Does not pass on the event, which contains Electron's own objects. */
function listen<Payload>(channel: string, listener: (payload: Payload) => void): void {
  ipcRenderer.on(channel, (_event, payload: Payload) => listener(payload));
}

const bridge: OverlayBridge = {
  send(command) {
    if (OVERLAY_COMMANDS.includes(command)) void ipcRenderer.invoke(OVERLAY_CHANNELS.command, command);
  },
  onTurn: (listener) => listen(OVERLAY_CHANNELS.turn, listener),
  onLevel: (listener) => listen(OVERLAY_CHANNELS.level, listener),
};

contextBridge.exposeInMainWorld('earshotOverlay', bridge);
