import { useLog, useServices } from '../../state/services.ts';
import { formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { LogFileReader } from './use-log-file.ts';

/** Says that a file is shown, is being read, or could not be read. */
export function LogFileNotice({ reader }: { reader: LogFileReader }) {
  const { log } = useServices();
  const file = useLog((state) => state.file);
  const { reading, problem, dismissProblem } = reader;
  return (
    <>
      {file !== null && (
        <div className="log-strip log-file" data-testid="log-file">
          <Icon name="importFile" size={16} />
          <p>
            {text.log.fileShown({ name: file.name, lines: file.count })}
            {file.malformed.count > 0 && <span> {text.log.malformed(file.malformed)}</span>}
          </p>
          <Button kind="quiet" data-testid="log-close-file" onClick={log.closeFile}>
            {text.log.backToLive}
          </Button>
        </div>
      )}
      {reading !== null && (
        <div className="log-strip" data-testid="log-reading">
          <p>
            {text.log.readingFile({ name: reading.name })} {formatShare(Math.round(reading.part * 100) / 100)}
          </p>
          <Button kind="quiet" onClick={reading.cancel}>
            {text.log.cancelReading}
          </Button>
        </div>
      )}
      {/* Always mounted, because screen readers announce changes only. */}
      <div role="alert">
        {problem !== null && (
          <div className="log-strip log-problem" data-testid="log-file-problem">
            <Icon name="error" size={16} />
            <p>{problem}</p>
            <IconButton label={text.common.dismiss} onClick={dismissProblem}>
              <Icon name="close" size={16} />
            </IconButton>
          </div>
        )}
      </div>
    </>
  );
}
