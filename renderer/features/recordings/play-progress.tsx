import { type KeyboardEvent, useEffect, useRef } from 'react';
import { usePlayer, useServices } from '../../state/services.ts';
import { formatClock, formatLength } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { seekStep } from './seek-keys.ts';

/** The playback position and a slider to seek. Updated without React once a screen frame. */
export function PlayProgress({ id, durationS }: { id: string; durationS: number }) {
  const { player } = useServices();
  const status = usePlayer((state) => (state.id === id ? state.status : 'stopped'));
  const slider = useRef<HTMLInputElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const length = formatLength(durationS);

  useEffect(() => {
    let frame = 0;
    let second = -1;
    function draw(): void {
      const position = status === 'stopped' ? 0 : player.position(id);
      if (slider.current) {
        slider.current.value = String(position);
        slider.current.style.setProperty('--played', `${durationS > 0 ? (position / durationS) * 100 : 0}%`);
      }
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
    return () => cancelAnimationFrame(frame);
  }, [player, id, durationS, length, status]);

  function seek(seconds: number): void {
    const position = Math.min(durationS, Math.max(0, seconds));
    void player.seek(id, position);
    if (!slider.current || !clock.current) return;
    slider.current.value = String(position);
    slider.current.style.setProperty('--played', `${(position / durationS) * 100}%`);
    const at = formatClock(position);
    clock.current.textContent = at;
    slider.current.setAttribute('aria-valuetext', text.recordings.positionOf({ at, length }));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = seekStep(event.key, durationS);
    if (step === null) return;
    seek(player.position(id) + step);
    event.preventDefault();
  }

  return (
    <div className="progress">
      <span ref={clock} className="progress-clock" />
      <input
        ref={slider}
        type="range"
        className="progress-slider"
        aria-label={text.recordings.position}
        min={0}
        max={durationS}
        step={0.1}
        defaultValue={0}
        disabled={status === 'stopped' || status === 'loading'}
        onChange={(event) => seek(event.target.valueAsNumber)}
        onKeyDown={onKeyDown}
      />
      <span className="progress-clock">{length}</span>
    </div>
  );
}
