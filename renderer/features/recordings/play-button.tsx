import { usePlayer, useServices, useVoice } from '../../state/services.ts';
import { isMicOn } from '../../state/voice-store.ts';
import { text } from '../../text/en.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

/**
 * Plays and pauses one recording. Disabled while the microphone is on, which would record the sound.
 * @param started when the recording began, as text; null if it is the only one shown
 */
export function PlayButton({ id, started }: { id: string; started: string | null }) {
  const { player } = useServices();
  const micOn = useVoice(isMicOn);
  const status = usePlayer((state) => (state.id === id ? state.status : 'stopped'));
  const playing = status === 'playing';
  return (
    <IconButton
      className="play"
      data-testid="recording-play"
      data-status={status}
      label={playing ? text.recordings.pause({ started }) : text.recordings.play({ started })}
      aria-busy={status === 'loading'}
      aria-disabled={micOn}
      {...(micOn && { title: text.recordings.playsWhenMicIsOff })}
      onClick={() => player.toggle(id)}
    >
      {playing ? <Icon name="pause" /> : <Icon name="play" />}
    </IconButton>
  );
}
