import { BrowserWindow, dialog, shell } from 'electron';
import type { BridgeHandlers } from '../../shared/bridge.ts';
import type { Host } from '../host/host.ts';
import { text } from '../text/text.ts';

type FolderCalls = Pick<BridgeHandlers, 'openRecordingsFolder' | 'chooseRecordingsFolder'>;

/** Opens the recordings folder, and lets the user choose another one. No path comes from a page. */
export function createFolderCalls(folder: Host['recordingsFolder']): FolderCalls {
  return {
    async openRecordingsFolder() {
      // A sentence says why it was not opened.
      return (await shell.openPath((await folder.folder()).path)) === '';
    },
    async chooseRecordingsFolder() {
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
      if (window === undefined) return false;
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: text.recordingsFolder.choose,
        buttonLabel: text.recordingsFolder.chooseButton,
        defaultPath: (await folder.folder()).path,
        properties: ['openDirectory', 'createDirectory'],
      });
      const [chosen] = filePaths;
      if (canceled || chosen === undefined) return false;
      await folder.moveTo(chosen);
      return true;
    },
  };
}
