import { useRecordings, useVoice } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import './recordings.css';

/** What waits for the disk, as long as it does; what could not be kept of this turn, until the next press. */
export function RecordingFailed() {
  const failure = useRecordings((state) => state.failure);
  const delay = useRecordings((state) => state.delay);
  const turn = useVoice((state) => state.turn);
  if (delay !== null) {
    return (
      <article className="recording recording-failed" role="alert" data-testid="recording-delayed">
        <Icon name="alert" />
        <div>
          <h2 className="recording-title">Not on the disk yet</h2>
          <p className="recording-failed-message">{delay}</p>
        </div>
      </article>
    );
  }
  if (failure === null || failure.turn !== turn) return null;
  return (
    <article className="recording recording-failed" role="alert" data-testid="recording-failed">
      <Icon name="alert" />
      <div>
        <h2 className="recording-title">
          {failure.saved ? 'Saved, without its description' : 'Not everything was saved'}
        </h2>
        <p className="recording-failed-message">{failure.message}</p>
      </div>
    </article>
  );
}
