import type { FileTask } from '../../state/file-tasks-store.ts';
import { useFileTasks, useServices } from '../../state/services.ts';
import { formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import './file-tasks.css';

/** The recordings that are being saved and the files that are being imported, each with its progress or its failure. */
export function FileTasks() {
  const tasks = useFileTasks((state) => state.tasks);
  const done = useFileTasks((state) => state.done);
  return (
    <>
      {/* Always mounted, because screen readers announce changes only. */}
      <p role="status" className="visually-hidden" data-testid="file-tasks-done">
        {done}
      </p>
      {tasks.length > 0 && (
        <ul className="file-tasks" aria-label={text.recordingFiles.tasks} data-testid="file-tasks">
          {tasks.map((task) => (
            <Task key={task.id} task={task} />
          ))}
        </ul>
      )}
    </>
  );
}

function Task({ task }: { task: FileTask }) {
  const { fileTasks } = useServices();
  const { id, name, state, part, sentence, canRetry, download, files } = task;
  const ended = state === 'failed' || state === 'saved';
  return (
    <li className="file-task" data-testid="file-task" data-state={state}>
      <Icon name={ICONS[state] ?? (task.kind === 'import' ? 'importFile' : 'exportFile')} size={16} />
      <div className="file-task-main">
        {state === 'saved' ? (
          <p className="file-task-name">{text.recordingFiles.saved({ name, files })}</p>
        ) : (
          <>
            <p className="file-task-name" title={name}>
              {name}
            </p>
            {state === 'failed' ? (
              <p className="file-task-state" role="alert">
                {sentence}
              </p>
            ) : (
              <p className="file-task-state">{stateText(task)}</p>
            )}
          </>
        )}
        {!ended && (
          <progress className="file-task-progress" aria-label={name} max={1} {...(part !== null && { value: part })} />
        )}
      </div>
      {state === 'saved' && download !== null && (
        <Button kind="quiet" data-testid="file-task-show" onClick={() => void fileTasks.show(id)}>
          {text.recordingFiles.showInFolder}
        </Button>
      )}
      {canRetry && (
        <IconButton label={text.common.tryAgain} data-testid="file-task-retry" onClick={() => void fileTasks.retry(id)}>
          <Icon name="retry" size={16} />
        </IconButton>
      )}
      <IconButton
        label={ended ? text.common.dismiss : text.recordingFiles.cancel({ name })}
        data-testid={ended ? 'file-task-dismiss' : 'file-task-cancel'}
        onClick={() => (ended ? fileTasks.dismiss(id) : fileTasks.cancel(id))}
      >
        <Icon name="close" size={16} />
      </IconButton>
    </li>
  );
}

const ICONS: Partial<Record<FileTask['state'], IconName>> = { failed: 'error', saved: 'check' };

function stateText({ kind, format, state, part }: FileTask): string {
  if (state === 'waiting') return text.recordingFiles.waiting;
  if (state === 'saving') return text.recordingFiles.saving;
  const share = part === null ? null : formatShare(Math.round(part * 100) / 100);
  if (kind === 'import') return share === null ? text.recordingFiles.reading : text.recordingFiles.importing({ share });
  const label = text.recordingFiles.formats[format ?? 'wav'].label;
  return share === null
    ? text.recordingFiles.preparing({ format: label })
    : text.recordingFiles.making({ format: label, share });
}
