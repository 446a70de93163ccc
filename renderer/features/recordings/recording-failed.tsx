import { useRecordings, useVoice } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import './recordings.css';

/** What could not be kept of this turn, from the moment it is known until the next press. */
export function RecordingFailed() {
  const failure = useRecordings((state) => state.failure);
  const turnStartedAt = useVoice((state) => state.turnStartedAt);
  if (failure === null || failure.turnStartedAt !== turnStartedAt) return null;
  return (
    <article className="recording recording-failed" role="alert" data-testid="recording-failed">
      <Icon name="alert" />
      <div>
        <h2 className="recording-title">What you said could not be saved</h2>
        <p className="recording-failed-message">{failure.message}</p>
      </div>
    </article>
  );
}
