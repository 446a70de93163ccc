import { memo } from 'react';
import type { LogLevel, LogRecord } from '../../../shared/log-event.ts';
import { formatLogTime } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';

/** Height of every row in CSS pixels; `log-list.css` draws the same. */
export const ROW_HEIGHT = 26;

const GLYPHS = {
  debug: 'debug',
  info: 'info',
  warn: 'alert',
  error: 'error',
} as const satisfies Record<LogLevel, IconName>;

interface LogRowProps {
  record: LogRecord;
  /** Distance from the list's top in CSS pixels. */
  top: number;
  selected: boolean;
}

/** One record on one line: time, side, level, text. The whole text is on its tooltip, and below the list when selected. */
export const LogRow = memo(function LogRow({ record, top, selected }: LogRowProps) {
  const { seq, time, side, level, event, text } = record;
  return (
    <div
      className="log-row"
      data-testid="log-row"
      data-seq={seq}
      data-side={side}
      data-event={event}
      data-level={level}
      data-selected={selected || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <time className="log-time">{formatLogTime(time)}</time>
      <span className="log-side">{side}</span>
      <span className="log-level" title={level}>
        <Icon name={GLYPHS[level]} size={14} />
        <span className="visually-hidden">{level}</span>
      </span>
      <span className="log-text" title={text}>
        {text}
      </span>
    </div>
  );
});
