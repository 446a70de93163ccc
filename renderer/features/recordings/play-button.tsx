import { usePlayer, useServices, useVoice } from '../../state/services.ts';
import { isMicOn } from '../../state/voice-store.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

interface PlayButtonProps {
  id: string;
  /** When the recording began, as text; null if it is the only one shown. */
  started: string | null;
  /** In the list, which has a key of its own for it, Tab passes it. */
  place: 'turn' | 'list' | 'details';
}

/**
 * Plays and pauses one recording. Disabled while the microphone is on, which would record the sound.
 */
export function PlayButton({ id, started, place }: PlayButtonProps) {
  const { player } = useServices();
  const micOn = useVoice(isMicOn);
  const status = usePlayer((state) => (state.id === id ? state.status : 'stopped'));
  const playing = status === 'playing';
  return (
    <IconButton
      className="play"
      data-testid={place === 'details' ? 'details-play' : 'recording-play'}
      data-status={status}
      label={playing ? text.recordings.pause({ started }) : text.recordings.play({ started })}
      aria-busy={status === 'loading'}
      disabled={micOn}
      hint={micOn ? text.recordings.playsWhenMicIsOff : undefined}
      {...(place === 'list' && { tabIndex: -1 })}
      onClick={() => player.toggle(id)}
    >
      {playing ? <Icon name="pause" /> : <Icon name="play" />}
    </IconButton>
  );
}
