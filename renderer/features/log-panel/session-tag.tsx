import type { CSSProperties } from 'react';
import { text } from '../../text/text.ts';
import { HUES, hueOf, tagOf } from './session-hue.ts';
import './session-tag.css';

/** The colours of each hue as CSS variables. The theme chooses in `session-tag.css`. */
const STYLES = HUES.map(({ tint, ink }) => ({
  '--light-tint': tint[0],
  '--dark-tint': tint[1],
  '--light-ink': ink[0],
  '--dark-ink': ink[1],
})) as CSSProperties[];

/** The first characters of a session's ID in its colour. */
export function SessionTag({ id }: { id: string }) {
  return (
    <code className="session-tag" style={STYLES[hueOf(id)]} title={text.log.session({ id })}>
      {tagOf(id)}
    </code>
  );
}
