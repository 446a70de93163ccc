import { useRecordings, useVoice } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import './recordings.css';
import { text } from '../../text/text.ts';

/** Audio that is not on disk yet, or a failure to save this turn, shown until the next press. */
export function RecordingFailed() {
  const failure = useRecordings((state) => state.failure);
  const delay = useRecordings((state) => state.delay);
  const turn = useVoice((state) => state.turn);
  if (delay !== null) {
    return (
      <article className="recording recording-failed" role="alert" data-testid="recording-delayed">
        <Icon name="alert" />
        <div>
          <h2 className="recording-title">{text.recordings.delayedTitle}</h2>
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
          {failure.saved ? text.recordings.savedWithoutDetailsTitle : text.recordings.notAllSavedTitle}
        </h2>
        <p className="recording-failed-message">{failure.message}</p>
      </div>
    </article>
  );
}
