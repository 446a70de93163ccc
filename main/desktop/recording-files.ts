import { type NativeImage, nativeImage, shell, type WebContents } from 'electron';
import type { BridgeHandlers } from '../../shared/bridge.ts';

// Electron's security checklist, item 15: a file is shown in the file manager, never opened. Pages pass ids; only the
// host turns them into paths.

/** Width and height in pixels of the picture under the pointer. */
const DRAG_ICON_SIZE = 64;

/** Shows a file, selected, in the system's file manager. */
export function showFile(path: string): void {
  shell.showItemInFolder(path);
}

export interface RecordingFilesOptions {
  /** The path of a finished recording's file. Rejects if there is none. */
  pathOf(id: string): Promise<string>;
  /** A PNG. */
  dragIcon: string;
}

/** The calls of one window that show a recording's file and drag it into other programs. */
export function recordingFileCalls(
  contents: WebContents,
  { pathOf, dragIcon }: RecordingFilesOptions,
): Pick<BridgeHandlers, 'showRecording' | 'dragRecordings'> {
  return {
    async showRecording({ id }) {
      showFile(await pathOf(id));
      return { path: null };
    },
    async dragRecordings({ ids }) {
      const files: string[] = [];
      for (const id of ids) files.push(await pathOf(id));
      const [file = ''] = files;
      if (contents.isDestroyed()) return;
      contents.startDrag({ file, files, icon: iconOf(dragIcon) });
    },
  };
}

function iconOf(path: string): NativeImage {
  return nativeImage.createFromPath(path).resize({ width: DRAG_ICON_SIZE, height: DRAG_ICON_SIZE });
}
