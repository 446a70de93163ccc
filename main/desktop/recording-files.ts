import { type NativeImage, nativeImage, shell, type WebContents } from 'electron';
import type { BridgeHandlers } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';

// Electron's security checklist, item 15: a file is shown in the file manager, never opened. Pages pass ids; only the
// host turns them into paths.

/** Width and height in pixels of the picture under the pointer. */
const DRAG_ICON_SIZE = 64;

/**
 * How long (ms) finding the files of a drag may take. Later the user may have released the mouse button, and the system's
 * drag would wait for the next one.
 */
export const DRAG_START_MS = 500;

/** Shows a file, selected, in the system's file manager. */
export function showFile(path: string): void {
  shell.showItemInFolder(path);
}

export interface RecordingFilesOptions {
  /** The path of a finished recording's file. Rejects if there is none. */
  pathOf(id: string): Promise<string>;
  /** A PNG. */
  dragIcon: string;
  /**
   * Whether a turn is in progress. On Linux and Windows this process waits for the end of a drag, and would receive no
   * audio meanwhile.
   */
  isRecording(): boolean;
  /** Milliseconds on a monotonic clock. */
  now?: () => number;
}

/** The calls of one window that show a recording's file and drag it into other programs. */
export function recordingFileCalls(
  contents: WebContents,
  { pathOf, dragIcon, isRecording, now = () => performance.now() }: RecordingFilesOptions,
): Pick<BridgeHandlers, 'showRecording' | 'dragRecordings'> {
  return {
    async showRecording({ id }) {
      showFile(await pathOf(id));
      return { path: null };
    },
    async dragRecordings({ ids }) {
      const began = now();
      const files = await Promise.all(ids.map(pathOf));
      const [file = ''] = files;
      if (contents.isDestroyed()) return;
      if (isRecording()) throw new EarshotError('drag_during_turn', text.downloads.dragDuringTurn);
      if (now() - began > DRAG_START_MS) throw new EarshotError('drag_late', text.downloads.dragLate);
      contents.startDrag({ file, files, icon: iconOf(dragIcon) });
    },
  };
}

function iconOf(path: string): NativeImage {
  return nativeImage.createFromPath(path).resize({ width: DRAG_ICON_SIZE, height: DRAG_ICON_SIZE });
}
