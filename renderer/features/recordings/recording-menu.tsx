import type { RecordingInfo } from '../../../shared/recording.ts';
import { usePlayer, useServices, useVoice } from '../../state/services.ts';
import { isMicOn } from '../../state/voice-store.ts';
import { text } from '../../text/text.ts';
import { MenuEntries } from '../../ui/menu.tsx';
import { savedAs } from './recording-text.ts';
import { useExportEntries } from './use-export-entries.ts';
import { useShowRecording } from './use-show-recording.ts';

interface RecordingMenuProps {
  /** What the menu was opened for: one or several. */
  recordings: readonly RecordingInfo[];
  onRename: (id: string) => void;
  onDelete: (ids: readonly string[]) => void;
}

/** The entries of the list's context menu: the actions of the details, or those of several selected recordings. */
export function RecordingMenu({ recordings, onRename, onDelete }: RecordingMenuProps) {
  const [only] = recordings;
  if (only === undefined) return null;
  const remove = () => onDelete(recordings.map(({ id }) => id));
  return recordings.length === 1 ? (
    <OneRecording recording={only} onRename={() => onRename(only.id)} onDelete={remove} />
  ) : (
    <SeveralRecordings recordings={recordings} onDelete={remove} />
  );
}

interface OneRecordingProps {
  recording: RecordingInfo;
  onRename: () => void;
  onDelete: () => void;
}

function OneRecording({ recording, onRename, onDelete }: OneRecordingProps) {
  const { fileTasks, player, recordingList } = useServices();
  const { id } = recording;
  const micOn = useVoice(isMicOn);
  const playing = usePlayer((state) => state.id === id && state.status === 'playing');
  const exports = useExportEntries([savedAs(recording)]);
  const { label: showLabel, icon: showIcon, show } = useShowRecording();
  const disabled = recording.being_written === true;

  async function showFile(): Promise<void> {
    const said = await show(id);
    if (said?.failed) recordingList.showFailure(said.sentence);
    else if (said) recordingList.showNotice(said.sentence);
  }

  return (
    <MenuEntries
      entries={[
        {
          label: playing ? text.recordings.pause({ started: null }) : text.recordings.play({ started: null }),
          hint: micOn ? text.recordings.playsWhenMicIsOff : undefined,
          icon: playing ? 'pause' : 'play',
          disabled: micOn,
          testId: 'menu-play',
          onSelect: () => void player.toggle(id),
        },
        { label: text.recordings.rename, icon: 'pencil', disabled, testId: 'menu-rename', onSelect: onRename },
        {
          label: text.recordingFiles.saveCopy,
          icon: 'download',
          disabled,
          testId: 'menu-save-copy',
          separated: true,
          onSelect: () => void fileTasks.save([savedAs(recording)], 'wav'),
        },
        {
          label: text.recordingFiles.exportAs,
          icon: 'exportFile',
          disabled,
          testId: 'menu-export',
          entries: exports,
        },
        { label: showLabel, icon: showIcon, disabled, testId: 'menu-show', onSelect: () => void showFile() },
        {
          label: text.recordings.delete,
          icon: 'clear',
          disabled,
          testId: 'menu-delete',
          kind: 'danger',
          separated: true,
          onSelect: onDelete,
        },
      ]}
    />
  );
}

function SeveralRecordings({ recordings, onDelete }: { recordings: readonly RecordingInfo[]; onDelete: () => void }) {
  const { fileTasks } = useServices();
  const files = recordings.filter(({ being_written }) => being_written !== true).map(savedAs);
  const exports = useExportEntries(files);
  const count = { recordings: recordings.length };
  return (
    <MenuEntries
      entries={[
        {
          label: text.recordingFiles.saveCopies(count),
          icon: 'download',
          testId: 'menu-save-copy',
          onSelect: () => void fileTasks.save(files, 'wav'),
        },
        {
          label: text.recordingFiles.exportSeveral(count),
          icon: 'exportFile',
          testId: 'menu-export',
          entries: exports,
        },
        {
          label: text.recordings.deleteSelected(count),
          icon: 'clear',
          testId: 'menu-delete',
          kind: 'danger',
          separated: true,
          onSelect: onDelete,
        },
      ]}
    />
  );
}
