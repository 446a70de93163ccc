import { type DragEvent, type PointerEvent, useMemo, useRef } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { MAX_FILES_AT_ONCE } from '../../../shared/recording-files.ts';
import { fileName } from '../../audio-files/file-name.ts';
import { sentenceOf } from '../../state/change-in-parts.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { noteOwnDrag } from '../../ui/use-file-drop.ts';
import { savedAs } from './recording-text.ts';

interface DragHandlers {
  onPointerDown: (event: PointerEvent) => void;
  onDragStart: (event: DragEvent) => void;
}

/**
 * Lets recordings be dragged into a folder or another program: all selected ones, if the dragged one is among them. The
 * desktop app gives the system the files. A browser gets the address of one recording, which it downloads to where it is
 * dropped (Chromium's `DownloadURL`).
 * @param recordings those that are listed
 */
export function useDragOut(recordings: readonly RecordingInfo[], selected: readonly RecordingInfo[]): DragHandlers {
  const { dragRecordings, recordingUrl, fileTasks } = useServices();
  const isTab = useSettings((state) => state.info.shell === 'tab');
  /** The address must be known when the drag begins. */
  const prepared = useRef<{ id: string; url: string } | null>(null);
  return useMemo(() => {
    const recordingOf = ({ target }: { target: EventTarget }) => {
      const element = target instanceof Element ? target.closest('[draggable="true"]') : null;
      const id = element?.closest('[data-recording-id]')?.getAttribute('data-recording-id');
      return recordings.find((recording) => recording.id === id);
    };
    return {
      onPointerDown(event) {
        const recording = isTab ? recordingOf(event) : undefined;
        if (recording === undefined || prepared.current?.id === recording.id) return;
        const { id } = recording;
        prepared.current = null;
        recordingUrl(id).then(
          (url) => {
            prepared.current = { id, url: new URL(url, location.href).href };
          },
          // Gone meanwhile: nothing can be dragged.
          () => undefined,
        );
      },
      onDragStart(event) {
        const recording = recordingOf(event);
        if (recording === undefined) return;
        const { id } = recording;
        if (isTab) {
          if (prepared.current?.id !== id) return event.preventDefault();
          const name = fileName(savedAs(recording).name, id, '.wav');
          event.dataTransfer.setData('DownloadURL', `audio/wav:${name}:${prepared.current.url}`);
          event.dataTransfer.effectAllowed = 'copy';
          return;
        }
        // The host goes on with a drag of the system.
        event.preventDefault();
        const dragged = selected.some((other) => other.id === id) ? selected : [recording];
        const ids = dragged.filter(({ being_written }) => !being_written).map((other) => other.id);
        if (ids.length === 0) return;
        const first = ids.slice(0, MAX_FILES_AT_ONCE);
        noteOwnDrag(first.map((file) => `${file}.wav`));
        dragRecordings(first).catch((error: unknown) =>
          fileTasks.fail(savedAs(recording).name, sentenceOf(error, text.recordingFiles.notDragged)),
        );
      },
    };
  }, [dragRecordings, recordingUrl, fileTasks, isTab, recordings, selected]);
}
