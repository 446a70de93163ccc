import { type KeyboardEvent, useState } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { useServices } from '../../state/services.ts';
import { formatLength, formatPosition, formatSeconds } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { PlayButton } from './play-button.tsx';
import { WaveformView } from './waveform-view.tsx';

/** Shortest part in seconds, and the step of the arrow keys. */
const SHORTEST_S = 0.1;
/** Step of Page Up, Page Down, and of the arrow keys with Shift, in seconds. */
const LONG_STEP_S = 1;

interface TrimEditorProps {
  recording: RecordingInfo;
  onClose: () => void;
  onTrimmed: (part: RecordingInfo) => void;
}

/** Two sliders over the waveform choose a part, which is saved as a new recording. The original stays. */
export function TrimEditor({ recording, onClose, onTrimmed }: TrimEditorProps) {
  const { recordingList, player } = useServices();
  const { id, duration_s } = recording;
  const [range, setRange] = useState({ start_s: 0, end_s: duration_s });
  const [saving, setSaving] = useState(false);
  const { start_s, end_s } = range;
  const whole = start_s === 0 && end_s === duration_s;
  const percent = (seconds: number) => `${duration_s > 0 ? (seconds / duration_s) * 100 : 0}%`;

  function setStart(seconds: number): void {
    const start = Math.max(0, Math.min(seconds, end_s - SHORTEST_S));
    setRange({ start_s: start, end_s });
    // The part can be heard from its start.
    void player.seek(id, start);
  }

  function setEnd(seconds: number): void {
    setRange({ start_s, end_s: Math.min(duration_s, Math.max(seconds, start_s + SHORTEST_S)) });
  }

  const onKeyDown = (value: number, set: (seconds: number) => void) => (event: KeyboardEvent) => {
    const direction = { ArrowRight: 1, ArrowUp: 1, PageUp: 1, ArrowLeft: -1, ArrowDown: -1, PageDown: -1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const long = event.shiftKey || event.key.startsWith('Page');
    set(Math.round((value + direction * (long ? LONG_STEP_S : SHORTEST_S)) * 10) / 10);
  };

  async function save(): Promise<void> {
    setSaving(true);
    const part = await recordingList.trim({ id, start_s, end_s });
    setSaving(false);
    if (part !== null) onTrimmed(part);
  }

  const slider = (kind: 'start' | 'end', value: number, set: (seconds: number) => void) => (
    <input
      type="range"
      className="trim-slider"
      data-testid={`trim-${kind}`}
      aria-label={kind === 'start' ? text.recordings.trimStart : text.recordings.trimEnd}
      aria-valuetext={text.recordings.positionOf({ at: formatPosition(value), length: formatLength(duration_s) })}
      min={0}
      max={duration_s}
      step="any"
      value={value}
      onChange={(event) => set(event.target.valueAsNumber)}
      onKeyDown={onKeyDown(value, set)}
    />
  );

  return (
    <div className="player trim" style={{ '--from': percent(start_s), '--to': percent(end_s) } as React.CSSProperties}>
      <div className="player-wave">
        <WaveformView id={id} wanted />
        {slider('start', start_s, setStart)}
        {slider('end', end_s, setEnd)}
      </div>
      <p className="trim-range" data-testid="trim-range">
        <span>{formatPosition(start_s)}</span>
        <span>{text.recordings.trimLength({ length: formatSeconds(end_s - start_s) })}</span>
        <span>{end_s === duration_s ? formatLength(duration_s) : formatPosition(end_s)}</span>
      </p>
      <p className="trim-hint">{text.recordings.trimHint}</p>
      <div className="trim-buttons">
        <PlayButton id={id} started={null} place="details" />
        <Button data-testid="trim-cancel" onClick={onClose}>
          {text.recordings.cancel}
        </Button>
        <Button kind="primary" data-testid="trim-save" disabled={whole || saving} onClick={save}>
          {saving ? text.recordings.savingTrim : text.recordings.saveTrim}
        </Button>
      </div>
    </div>
  );
}
