import { useRef } from 'react';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

/** For the file dialog only. What a file is, its content says. */
const ACCEPTED = 'audio/*,.wav,.flac,.mp3,.opus,.ogg,.oga,.m4a,.aac,.webm,.mka';

interface ImportButtonProps {
  /** In an empty list it is the only button, and has words. */
  place: 'toolbar' | 'empty-list';
  /** Receives the audio files that the user chose. */
  onImport: (files: File[]) => void;
}

/** Opens the system's dialog for audio files. */
export function ImportButton({ place, onImport }: ImportButtonProps) {
  const files = useRef<HTMLInputElement>(null);
  const choose = () => files.current?.click();
  return (
    <>
      {place === 'toolbar' ? (
        <IconButton label={text.recordingFiles.importFiles} data-testid="recordings-import" onClick={choose}>
          <Icon name="importFile" />
        </IconButton>
      ) : (
        <Button data-testid="recordings-import" onClick={choose}>
          <Icon name="importFile" size={16} /> {text.recordingFiles.importFiles}
        </Button>
      )}
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        data-testid="import-files"
        onChange={({ target }) => {
          onImport([...(target.files ?? [])]);
          // So that the same file can be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}
