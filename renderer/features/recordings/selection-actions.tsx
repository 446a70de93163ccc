import type { RecordingInfo } from '../../../shared/recording.ts';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { savedAs } from './recording-text.ts';
import { useExportEntries } from './use-export-entries.ts';

interface SelectionActionsProps {
  recordings: readonly RecordingInfo[];
  onDelete: () => void;
  onClear: () => void;
}

/** What can be done with several selected recordings. */
export function SelectionActions({ recordings, onDelete, onClear }: SelectionActionsProps) {
  const { fileTasks } = useServices();
  const files = recordings.filter(({ being_written }) => being_written !== true).map(savedAs);
  const exports = useExportEntries(files);
  const count = { recordings: recordings.length };
  return (
    <>
      <IconButton
        label={text.recordingFiles.saveCopies(count)}
        data-testid="recordings-save-copies"
        onClick={() => fileTasks.save(files, 'wav')}
      >
        <Icon name="download" size={16} />
      </IconButton>
      <MenuButton
        entries={exports}
        align="end"
        button={
          <IconButton label={text.recordingFiles.exportSeveral(count)} data-testid="recordings-export">
            <Icon name="exportFile" size={16} />
          </IconButton>
        }
      />
      <IconButton label={text.recordings.deleteSelected(count)} data-testid="recordings-delete" onClick={onDelete}>
        <Icon name="clear" size={16} />
      </IconButton>
      <IconButton label={text.recordings.clearSelection} onClick={onClear}>
        <Icon name="close" size={16} />
      </IconButton>
    </>
  );
}
