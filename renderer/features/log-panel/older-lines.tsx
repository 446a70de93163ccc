import { useState } from 'react';
import { useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';

/** Above the first row: how many older lines the window does not hold, and where they are. */
export function OlderLines() {
  const { showLogFile } = useServices();
  const lines = useLog((state) => state.olderInFile);
  const [path, setPath] = useState<string | null>(null);
  return (
    <div className="log-older" data-testid="log-older">
      <p title={path ?? undefined}>{path === null ? text.log.older({ lines }) : text.log.logFileIsAt({ path })}</p>
      {path === null && (
        <Button kind="quiet" onClick={() => void showLogFile().then(setPath, () => undefined)}>
          {text.log.showLogFile}
        </Button>
      )}
    </div>
  );
}
