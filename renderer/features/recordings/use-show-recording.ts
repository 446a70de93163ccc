import { sentenceOf } from '../../state/change-in-parts.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import type { IconName } from '../../ui/icons.tsx';

interface ShowRecording {
  /** The name of the button or the entry. */
  label: string;
  icon: IconName;
  /** Never rejects. @returns what is to be said about it, or null if the file manager shows it */
  show: (id: string) => Promise<{ sentence: string; failed: boolean } | null>;
}

/** Shows the file of a recording in the file manager. In a tab, which can't open one, it copies the file's path. */
export function useShowRecording(): ShowRecording {
  const { showRecording } = useServices();
  const isTab = useSettings((state) => state.info.shell === 'tab');
  return {
    label: isTab ? text.recordingFiles.copyPath : text.recordingFiles.showInFolder,
    icon: isTab ? 'copy' : 'folder',
    async show(id) {
      try {
        const path = await showRecording(id);
        if (path === null) return null;
        await navigator.clipboard.writeText(path);
        return { sentence: text.recordingFiles.pathCopied({ path }), failed: false };
      } catch (error) {
        return { sentence: sentenceOf(error, text.recordingFiles.notShown), failed: true };
      }
    },
  };
}
