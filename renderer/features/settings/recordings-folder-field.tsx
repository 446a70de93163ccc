import { useEffect } from 'react';
import { useRecordingsFolder, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FilePath } from '../../ui/file-path.tsx';
import { FolderButtons } from '../recordings/folder-buttons.tsx';
import './recordings-folder-field.css';

/** Where the recordings are. The desktop app opens the folder and moves the recordings to another one. */
export function RecordingsFolderField() {
  const { recordingsFolder } = useServices();
  const folder = useRecordingsFolder((state) => state.folder);
  const failure = useRecordingsFolder((state) => state.error);
  const isDesktop = useSettings((state) => state.info.shell === 'desktop');
  useEffect(() => void recordingsFolder.load(), [recordingsFolder]);
  const texts = text.settings.recordingsFolder;
  if (folder === null) return null;
  const { path, move, present } = folder;
  const error = failure ?? folder.error;
  return (
    <div className="field recordings-folder" data-testid="recordings-folder">
      <p className="field-name">{texts.label}</p>
      <code className="recordings-folder-path" data-testid="recordings-folder-path">
        <FilePath path={path} />
      </code>
      {move === null && <FolderButtons folder={folder} />}
      {!isDesktop && <CopyButton label={texts.copy} text={() => path} />}
      {move !== null && (
        <div className="recordings-folder-move" data-testid="recordings-folder-move">
          <p>{texts.moving({ to: move.to })}</p>
          <progress
            aria-label={texts.progress}
            {...(move.all_files > 0 && { value: move.files, max: move.all_files })}
          />
          <p className="field-hint" role="status">
            {texts.step[move.step]}
          </p>
          {move.step !== 'finishing' && (
            <Button data-testid="recordings-folder-cancel" onClick={recordingsFolder.cancelMove}>
              {texts.cancel}
            </Button>
          )}
        </div>
      )}
      {!present && (
        <p className="field-error" role="alert">
          {texts.missing}
        </p>
      )}
      {error !== null && (
        <p className="field-error" role="alert" data-testid="recordings-folder-error">
          {error}
        </p>
      )}
      {move === null && <p className="field-hint">{isDesktop ? texts.hint : texts.tabHint}</p>}
    </div>
  );
}
