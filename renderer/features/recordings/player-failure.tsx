import { useFileTasks, usePlayer, useServices } from '../../state/services.ts';
import { Failure } from '../../ui/notice.tsx';

/** Says why a recording could not be played, with a button to try again. */
export function PlayerFailure({ id }: { id: string }) {
  const { player } = useServices();
  const failure = usePlayer((state) => (state.failure?.id === id ? state.failure : null));
  if (failure === null) return null;
  return <Failure sentence={failure.sentence} onRetry={() => player.toggle(id)} />;
}

/** Says why a recording could not be saved as a file, where the list of files is not shown. */
export function SaveFailure({ id }: { id: string }) {
  const { fileTasks } = useServices();
  const failed = useFileTasks(({ tasks }) => tasks.find((task) => task.recording === id && task.state === 'failed'));
  if (failed === undefined) return null;
  return <Failure sentence={failed.sentence ?? ''} onRetry={() => fileTasks.retry(failed.id)} />;
}
