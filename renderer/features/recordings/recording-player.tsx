import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { SKIP_S, SPEEDS } from '../../state/player-store.ts';
import { usePlayer, useServices } from '../../state/services.ts';
import { formatClock, formatLength } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { PlayButton } from './play-button.tsx';
import { seekStep } from './seek-keys.ts';
import { WaveformView } from './waveform-view.tsx';

/** The selected recording's waveform with a slider over it, and the buttons of its player. */
export function RecordingPlayer({ recording }: { recording: RecordingInfo }) {
  const { player } = useServices();
  const { id, duration_s, being_written } = recording;
  const status = usePlayer((state) => (state.id === id ? state.status : 'stopped'));
  const speed = usePlayer((state) => state.speed);
  const loop = usePlayer((state) => state.loop);
  const slider = useRef<HTMLInputElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const wave = useRef<HTMLDivElement>(null);
  const length = formatLength(duration_s);

  useEffect(() => {
    let frame = 0;
    let second = -1;
    function draw(): void {
      const position = Math.min(player.position(id), duration_s);
      wave.current?.style.setProperty('--played', `${duration_s > 0 ? (position / duration_s) * 100 : 0}%`);
      if (slider.current) slider.current.value = String(position);
      // Not in each frame: screen readers and layout follow these.
      if (Math.floor(position) !== second) {
        second = Math.floor(position);
        const at = formatClock(position);
        if (clock.current) clock.current.textContent = at;
        slider.current?.setAttribute('aria-valuetext', text.recordings.positionOf({ at, length }));
      }
      if (status === 'playing') frame = requestAnimationFrame(draw);
    }
    draw();
    const redraw = () => {
      cancelAnimationFrame(frame);
      draw();
    };
    const element = wave.current;
    element?.addEventListener('seeked', redraw);
    return () => {
      cancelAnimationFrame(frame);
      element?.removeEventListener('seeked', redraw);
    };
  }, [player, id, duration_s, length, status]);

  async function seek(seconds: number): Promise<void> {
    await player.seek(id, Math.min(duration_s, Math.max(0, seconds)));
    wave.current?.dispatchEvent(new Event('seeked'));
  }

  const skip = (seconds: number) => void seek(player.position(id) + seconds);

  function onKeyDown(event: KeyboardEvent): void {
    const step = seekStep(event.key, duration_s);
    if (event.key === 'Enter' && !event.repeat) void player.toggle(id);
    else if (step === null) return;
    else skip(step);
    event.preventDefault();
  }

  return (
    <div className="player">
      <div ref={wave} className="player-wave">
        <WaveformView id={id} wanted={being_written !== true} />
        <input
          ref={slider}
          type="range"
          className="player-slider"
          data-testid="recording-position"
          aria-label={text.recordings.position}
          min={0}
          max={duration_s}
          step={0.1}
          defaultValue={0}
          onChange={(event) => void seek(event.target.valueAsNumber)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="player-buttons">
        <span className="player-clock" data-testid="recording-clock">
          <span ref={clock} /> <span className="player-length">{`/ ${length}`}</span>
        </span>
        <div className="player-transport">
          <IconButton label={text.recordings.skipBack({ seconds: SKIP_S })} onClick={() => skip(-SKIP_S)}>
            <Icon name="back5" size={20} />
          </IconButton>
          <PlayButton id={id} started={null} place="details" />
          <IconButton label={text.recordings.skipForward({ seconds: SKIP_S })} onClick={() => skip(SKIP_S)}>
            <Icon name="forward5" size={20} />
          </IconButton>
        </div>
        <div className="player-options">
          <IconButton
            label={text.recordings.loop}
            data-testid="recording-loop"
            aria-pressed={loop}
            onClick={() => player.setLoop(!loop)}
          >
            <Icon name="loop" />
          </IconButton>
          <select
            className="input select player-speed"
            aria-label={text.recordings.speed}
            title={text.recordings.speed}
            data-testid="recording-speed"
            value={speed}
            onChange={(event) => player.setSpeed(Number(event.target.value))}
          >
            {SPEEDS.map((value) => (
              <option key={value} value={value}>
                {text.recordings.speedOf({ speed: value })}
              </option>
            ))}
          </select>
        </div>
      </div>
    </div>
  );
}
