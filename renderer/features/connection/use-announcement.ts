import { useEffect, useRef, useState } from 'react';
import type { VoiceView } from '../../voice/voice-client.ts';

/** States that usually pass at once. */
const PASSING: ReadonlySet<VoiceView> = new Set(['connecting', 'stopping']);
/** How long (ms) such a state has to last before it is announced. */
const PASSING_MS = 700;

/**
 * What the live region of the status contains, so that a screen reader hears each change once. A state that passes at
 * once is not announced, and one that comes back during the same press is not announced again. The region is empty in
 * between: the same failure after another press is a change.
 */
export function useAnnouncement(view: VoiceView, sentence: string): string {
  const passing = PASSING.has(view);
  const [announced, setAnnounced] = useState('');
  /** What has been announced since such a state began. */
  const said = useRef(new Set<string>());
  useEffect(() => {
    if (!passing) {
      said.current.clear();
      setAnnounced('');
      return;
    }
    if (said.current.has(sentence)) return;
    const timer = setTimeout(() => {
      said.current.add(sentence);
      setAnnounced(sentence);
    }, PASSING_MS);
    return () => clearTimeout(timer);
  }, [passing, sentence]);
  return passing ? announced : sentence;
}
