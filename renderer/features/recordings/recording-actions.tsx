import { type RefObject, useRef, useState } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { MenuButton, type MenuEntry } from '../../ui/menu.tsx';
import { useNarrow } from '../../ui/use-narrow.ts';
import { savedAs } from './recording-text.ts';
import { useExportEntries } from './use-export-entries.ts';
import { useShowRecording } from './use-show-recording.ts';

/** Below this width (CSS pixels) what is used less moves into a menu. */
const NARROW_BELOW = 430;
/** Below this width the last button has no word, nor below `TINY_BELOW`, where the menu has made room for it. */
const COMPACT_BELOW = 540;
const TINY_BELOW = 310;

interface RecordingActionsProps {
  recording: RecordingInfo;
  trimming: boolean;
  trimButton: RefObject<HTMLButtonElement | null>;
  onTrim: () => void;
  onDelete: () => void;
}

/** What can be done with the selected recording, in one row. */
export function RecordingActions({ recording, trimming, trimButton, onTrim, onDelete }: RecordingActionsProps) {
  const { fileTasks } = useServices();
  const row = useRef<HTMLDivElement>(null);
  const narrow = useNarrow(row, NARROW_BELOW);
  const tiny = useNarrow(row, TINY_BELOW);
  const compact = (useNarrow(row, COMPACT_BELOW) && !narrow) || tiny;
  /** What became of showing the file. */
  const [shown, setShown] = useState<{ sentence: string; failed: boolean } | null>(null);
  const busy = recording.being_written === true;
  const exports = useExportEntries([savedAs(recording)]);

  const { label: showLabel, icon: showIcon, show } = useShowRecording();

  async function showFile(): Promise<void> {
    setShown(null);
    setShown(await show(recording.id));
  }

  const showEntry: MenuEntry = {
    label: showLabel,
    icon: showIcon,
    testId: 'recording-show',
    onSelect: () => void showFile(),
  };

  return (
    <>
      <div ref={row} className="detail-actions" data-narrow={narrow}>
        <Button
          data-testid="recording-save-copy"
          disabled={busy}
          onClick={() => fileTasks.save([savedAs(recording)], 'wav')}
        >
          {!narrow && <Icon name="download" size={16} />} {text.recordingFiles.saveCopy}
        </Button>
        {!narrow && (
          <MenuButton
            entries={exports}
            disabled={busy}
            button={
              <Button data-testid="recording-export">
                <Icon name="exportFile" size={16} /> {text.recordingFiles.exportAs} <Icon name="chevron" size={16} />
              </Button>
            }
          />
        )}
        <Button ref={trimButton} data-testid="recording-trim" aria-pressed={trimming} disabled={busy} onClick={onTrim}>
          {!narrow && <Icon name="trim" size={16} />} {text.recordings.trim}
        </Button>
        {narrow ? (
          <MenuButton
            entries={[...exports, showEntry]}
            align="end"
            disabled={busy}
            button={
              <IconButton label={text.recordingFiles.more} data-testid="recording-more">
                <Icon name="more" />
              </IconButton>
            }
          />
        ) : (
          <IconButton label={showLabel} data-testid="recording-show" disabled={busy} onClick={() => void showFile()}>
            <Icon name={showIcon} />
          </IconButton>
        )}
        {compact ? (
          <IconButton
            className="detail-delete"
            label={text.recordings.delete}
            data-testid="recording-delete"
            disabled={busy}
            onClick={onDelete}
          >
            <Icon name="clear" />
          </IconButton>
        ) : (
          <Button className="detail-delete" data-testid="recording-delete" disabled={busy} onClick={onDelete}>
            {!narrow && <Icon name="clear" size={16} />} {text.recordings.delete}
          </Button>
        )}
      </div>
      <p role="status" className="detail-shown" data-failed={shown?.failed} data-testid="recording-shown">
        {shown?.sentence}
      </p>
    </>
  );
}
