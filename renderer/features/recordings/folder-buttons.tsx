import type { RecordingsFolder } from '../../../shared/recordings-folder.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import './folder-buttons.css';

/**
 * What can be done with the folder of the recordings: opening it, or trying again while it is missing, and, in the
 * desktop app, choosing another one.
 */
export function FolderButtons({ folder: { present, is_default } }: { folder: RecordingsFolder }) {
  const { recordingsFolder, recordingList } = useServices();
  const isDesktop = useSettings((state) => state.info.shell === 'desktop');
  const texts = text.settings.recordingsFolder;
  if (present && !isDesktop) return null;
  return (
    <div className="folder-buttons">
      {present ? (
        <Button data-testid="recordings-folder-open" onClick={recordingsFolder.open}>
          {texts.open}
        </Button>
      ) : (
        <Button
          onClick={() => {
            void recordingsFolder.load();
            void recordingList.load();
          }}
        >
          {texts.tryAgain}
        </Button>
      )}
      {isDesktop && (
        <Button data-testid="recordings-folder-choose" onClick={recordingsFolder.choose}>
          {texts.choose}
        </Button>
      )}
      {isDesktop && !is_default && <Button onClick={recordingsFolder.useDefault}>{texts.useDefault}</Button>}
    </div>
  );
}
