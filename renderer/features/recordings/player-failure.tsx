import { usePlayer, useServices } from '../../state/services.ts';
import { Failure } from '../../ui/notice.tsx';

/** Says why a recording could not be played or saved, with a button to try again. */
export function PlayerFailure({ id }: { id: string }) {
  const { player } = useServices();
  const failure = usePlayer((state) => (state.failure?.id === id ? state.failure : null));
  if (failure === null) return null;
  const retry = () => (failure.doing === 'play' ? player.toggle(id) : player.saveCopy(id));
  return <Failure sentence={failure.sentence} onRetry={retry} />;
}
