import { memo } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { levelWord } from '../../state/recording-level.ts';
import { useLanguage } from '../../state/services.ts';
import { dates } from '../../text/dates.ts';
import { formatLength } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { GridCell, GridRow } from '../../ui/grid.tsx';
import { Waveform } from '../../ui/waveform.tsx';
import { PlayButton } from './play-button.tsx';
import { flawsOf, startedText, titleText } from './recording-text.ts';
import { TitleField } from './title-field.tsx';
import { useWaveform } from './use-waveform.ts';

/** Heights in CSS pixels. */
export const ROW_HEIGHT = 60;
export const DAY_HEIGHT = 36;
const ROW_BUCKETS = 36;
const NO_PEAKS: readonly number[] = [];

/** The `id` of a recording's element. */
export const rowId = (id: string) => `recording-${id}`;

interface RecordingRowProps {
  recording: RecordingInfo;
  /** Distance from the top of the list in CSS pixels. */
  top: number;
  /** Its number in the list, from 1. */
  index: number;
  selected: boolean;
  /** The arrow keys start here. */
  atCursor: boolean;
  /** Its context menu is open. */
  hasMenu: boolean;
  renaming: boolean;
  onRenamed: (byKey: boolean) => void;
}

/** One recording in the list. The list handles its clicks. */
export const RecordingRow = memo(function RecordingRow(props: RecordingRowProps) {
  const { recording, top, index, selected, atCursor, hasMenu, renaming, onRenamed } = props;
  const { id, duration_s, session_id, started_at, being_written, imported_from } = recording;
  // Its texts are none of its properties.
  useLanguage();
  const title = titleText(recording);
  return (
    <GridRow
      id={rowId(id)}
      className="recording-row"
      data-testid="recording-row"
      data-recording-id={id}
      data-session-id={session_id}
      data-cursor={atCursor || undefined}
      data-menu={hasMenu || undefined}
      aria-selected={selected}
      aria-rowindex={index}
      draggable={!renaming && being_written !== true}
      style={{ transform: `translateY(${top}px)` }}
    >
      <GridCell>
        <PlayButton id={id} started={startedText(recording)} place="list" />
      </GridCell>
      <GridCell className="recording-row-main">
        {renaming ? (
          <TitleField recording={recording} onDone={onRenamed} />
        ) : (
          <p className="recording-row-title" dir="auto" title={title}>
            {title}
          </p>
        )}
        <p className="recording-row-facts">
          <time dateTime={started_at}>{dates.time(new Date(started_at))}</time>
          {/* First, because a narrow row cuts off the end. */}
          <Flaws recording={recording} />
          {imported_from !== undefined && (
            <span data-testid="recording-imported" title={text.recordingFiles.importedFrom({ name: imported_from })}>
              {text.recordingFiles.importedMark}
            </span>
          )}
          {being_written ? (
            <span className="recording-now">{text.recordings.inProgress}</span>
          ) : (
            <LevelWord recording={recording} />
          )}
        </p>
      </GridCell>
      <GridCell className="recording-row-wave">
        <RowWaveform id={id} wanted={being_written !== true} />
      </GridCell>
      <GridCell className="recording-row-length">{formatLength(duration_s)}</GridCell>
    </GridRow>
  );
});

function RowWaveform({ id, wanted }: { id: string; wanted: boolean }) {
  const waveform = useWaveform(id, ROW_BUCKETS, wanted);
  return <Waveform peaks={waveform !== null && 'peaks' in waveform ? waveform.peaks : NO_PEAKS} />;
}

/** The level in a word, with a sentence as its tooltip. */
export function LevelWord({ recording }: { recording: RecordingInfo }) {
  const level = levelWord(recording);
  return (
    <span className="recording-level" data-level={level} title={text.recordings.levelHint[level]}>
      {text.recordings.level[level]}
    </span>
  );
}

/** What is wrong with a recording, apart from its level: missing audio, a silent microphone, an early end. */
function Flaws({ recording }: { recording: RecordingInfo }) {
  const flaws = flawsOf(recording).filter(({ mark }) => mark !== text.recordings.level.clipped);
  if (flaws.length === 0) return null;
  return (
    <span className="recording-flaws" data-testid="recording-flaws">
      {flaws.map(({ mark, sentence }, i) => (
        <span key={mark}>
          {i > 0 && ', '}
          <span title={sentence}>{mark}</span>
        </span>
      ))}
    </span>
  );
}
