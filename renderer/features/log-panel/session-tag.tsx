import type { CSSProperties } from 'react';
import { text } from '../../text/text.ts';
import { HUES, hueOf, tagOf } from './session-hue.ts';
import './session-tag.css';

/** The tint and the colour of each hue, as CSS variables. */
const STYLES = HUES.map(({ tint, ink }) => ({
  '--tint': `light-dark(${tint.join(', ')})`,
  '--ink': `light-dark(${ink.join(', ')})`,
})) as CSSProperties[];

/** The first characters of a session's ID in its colour. */
export function SessionTag({ id }: { id: string }) {
  return (
    <code className="session-tag" style={STYLES[hueOf(id)]} title={text.log.session({ id })}>
      {tagOf(id)}
    </code>
  );
}
