import { useRecordingList, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Over the end of the list: the last deletion with a button that undoes it, what was done, and why a change failed. */
export function RecordingNotices({ onUndo }: { onUndo: () => void }) {
  const { recordingList } = useServices();
  const deletions = useRecordingList((state) => state.deletions);
  const failure = useRecordingList((state) => state.failure);
  const notice = useRecordingList((state) => state.notice);
  const last = deletions.at(-1);
  return (
    <div className="recording-notices">
      {failure !== null && (
        <div className="toast" role="alert" data-testid="recordings-failure" data-tone="danger">
          <Icon name="error" size={16} />
          <p>{failure}</p>
          <IconButton label={text.common.dismiss} onClick={recordingList.dismissFailure}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      )}
      {/* Always mounted, because screen readers announce changes only. */}
      <div role="status">
        {notice !== null && (
          <div className="toast" data-testid="recordings-notice">
            <p>{notice}</p>
            <IconButton label={text.common.dismiss} onClick={recordingList.dismissNotice}>
              <Icon name="close" size={16} />
            </IconButton>
          </div>
        )}
        {last && (
          <div className="toast" data-testid="recordings-deleted">
            <p>{text.recordings.deleted({ recordings: last.length })}</p>
            <Button kind="quiet" data-testid="recordings-undo" onClick={onUndo}>
              {text.recordings.undo}
            </Button>
            <IconButton label={text.common.dismiss} onClick={recordingList.dismissDeletions}>
              <Icon name="close" size={16} />
            </IconButton>
          </div>
        )}
      </div>
    </div>
  );
}
