import { useEffect, useState } from 'react';
import type { ExportFormat } from '../../audio-files/export-recording.ts';
import type { SavedRecording } from '../../state/file-tasks-store.ts';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import type { MenuEntry } from '../../ui/menu.tsx';

const FORMATS = ['wav', 'flac', 'opus'] as const satisfies readonly ExportFormat[];

/** The entries of a menu that exports recordings, one for each format. A format that the browser can't write says so. */
export function useExportEntries(recordings: readonly SavedRecording[]): MenuEntry[] {
  const { audioFiles, fileTasks } = useServices();
  const [offered, setOffered] = useState<readonly ExportFormat[] | null>(null);
  useEffect(() => {
    let mounted = true;
    void audioFiles.formats().then((formats) => mounted && setOffered(formats));
    return () => {
      mounted = false;
    };
  }, [audioFiles]);
  return FORMATS.map((format) => {
    const { menu, hint } = text.recordingFiles.formats[format];
    const missing = offered !== null && !offered.includes(format);
    return {
      label: menu,
      hint: missing ? text.recordingFiles.notOffered : hint,
      icon: 'exportFile',
      disabled: missing,
      testId: `export-${format}`,
      onSelect: () => void fileTasks.save(recordings, format),
    };
  });
}
