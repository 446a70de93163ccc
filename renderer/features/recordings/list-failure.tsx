import { useEffect } from 'react';
import type { RecordingListState } from '../../state/recording-list-store.ts';
import { useRecordingsFolder, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { FilePath } from '../../ui/file-path.tsx';
import { Failure } from '../../ui/notice.tsx';
import { FolderButtons } from './folder-buttons.tsx';

/** Why the recordings could not be listed, with what can be done about it. */
export function ListFailure({ error }: { error: NonNullable<RecordingListState['error']> }) {
  const { recordingList } = useServices();
  if (error.folderMissing) return <MissingFolder />;
  return <Failure sentence={error.sentence} onRetry={recordingList.load} />;
}

/** The folder of the recordings is not there, as while its drive is not connected. */
function MissingFolder() {
  const { recordingsFolder } = useServices();
  const folder = useRecordingsFolder((state) => state.folder);
  const failure = useRecordingsFolder((state) => state.error);
  useEffect(() => void recordingsFolder.load(), [recordingsFolder]);
  // The host has just said that the folder is missing, so its answer about the folder is on its way.
  if (folder === null || folder.present) return null;
  const reason = failure ?? folder.error;
  return (
    <div className="notice notice-danger missing-folder" role="alert" data-testid="recordings-folder-missing">
      <p>{text.settings.recordingsFolder.missing}</p>
      <code>
        <FilePath path={folder.path} />
      </code>
      <FolderButtons folder={folder} />
      {reason !== null && <p>{reason}</p>}
    </div>
  );
}
