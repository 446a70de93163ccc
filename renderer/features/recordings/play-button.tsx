import { usePlayer, useServices } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Plays and pauses one recording. */
export function PlayButton({ id, name }: { id: string; name: string }) {
  const { player } = useServices();
  const status = usePlayer((state) => (state.id === id ? state.status : 'stopped'));
  const playing = status === 'playing';
  return (
    <IconButton
      className="play"
      data-testid="recording-play"
      data-status={status}
      label={`${playing ? 'Pause' : 'Play'} ${name}`}
      aria-busy={status === 'loading'}
      onClick={() => player.toggle(id)}
    >
      {playing ? <Icon name="pause" /> : <Icon name="play" />}
    </IconButton>
  );
}
