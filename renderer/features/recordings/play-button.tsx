import { usePlayer, useServices, useVoice } from '../../state/services.ts';
import { isMicOn } from '../../state/voice-store.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Plays and pauses one recording; not while the microphone is on, which would record it. */
export function PlayButton({ id, name }: { id: string; name: string }) {
  const { player } = useServices();
  const micOn = useVoice(isMicOn);
  const status = usePlayer((state) => (state.id === id ? state.status : 'stopped'));
  const playing = status === 'playing';
  return (
    <IconButton
      className="play"
      data-testid="recording-play"
      data-status={status}
      label={`${playing ? 'Pause' : 'Play'} ${name}`}
      aria-busy={status === 'loading'}
      aria-disabled={micOn}
      {...(micOn && { title: 'Recordings play when the microphone is off' })}
      onClick={() => player.toggle(id)}
    >
      {playing ? <Icon name="pause" /> : <Icon name="play" />}
    </IconButton>
  );
}
