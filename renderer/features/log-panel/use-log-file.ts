import { type RefObject, useEffect, useRef, useState } from 'react';
import { EarshotError } from '../../../shared/errors.ts';
import { parseLog } from '../../state/parse-log.ts';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { useFileDrop } from '../../ui/use-file-drop.ts';

/** A log file that is being read. */
interface ReadingFile {
  name: string;
  /** The part that has been read, from 0 to 1. */
  part: number;
  cancel: () => void;
}

export interface LogFileReader {
  /** Whether files are being dragged over the window. */
  dragging: boolean;
  /** The file that is being read, or null. */
  reading: ReadingFile | null;
  /** Why the last file was not opened, as a sentence; otherwise null. */
  problem: string | null;
  dismissProblem: () => void;
  /** Reads a file and shows it instead of the live log. What is shown stays until the file has been read. */
  read: (file: File) => void;
}

/** Reads log files: those that are dropped on the panel, and chosen ones. */
export function useLogFile(panel: RefObject<HTMLElement | null>): LogFileReader {
  const { log } = useServices();
  const [reading, setReading] = useState<ReadingFile | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);

  async function read(file: File): Promise<void> {
    current.current?.abort();
    const abort = new AbortController();
    current.current = abort;
    const { name } = file;
    const cancel = () => abort.abort();
    setProblem(null);
    setReading({ name, part: 0, cancel });
    try {
      const onProgress = (part: number) => setReading({ name, part, cancel });
      const { records, malformed } = await parseLog(file, onProgress, abort.signal);
      log.openFile(name, records, malformed);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof EarshotError)) throw error;
      setProblem(`${name}: ${error.message}`);
    } finally {
      // A later file may be read by now.
      if (current.current === abort) setReading(null);
    }
  }

  const dragging = useFileDrop(panel, ({ files, folders }) => {
    const [file] = files;
    if (files.length + folders.length > 1 || file === undefined) setProblem(text.log.oneFile);
    else void read(file);
  });

  return { dragging, reading, problem, dismissProblem: () => setProblem(null), read: (file) => void read(file) };
}
