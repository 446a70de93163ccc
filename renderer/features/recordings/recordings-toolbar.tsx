import { type RefObject, useRef } from 'react';
import { FILTER_MARKS, RECORDING_SORTS, type RecordingQuery, type RecordingSort } from '../../state/recording-query.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';

interface RecordingsToolbarProps {
  query: RecordingQuery;
  /** There is nothing to search, filter or sort. */
  empty: boolean;
  onChange: (query: RecordingQuery) => void;
  /** Receives the audio files that the user chose. */
  onImport: (files: File[]) => void;
  /** The search field. */
  searchField?: RefObject<HTMLInputElement | null> | undefined;
}

/** For the file dialog only. What a file is, its content says. */
const ACCEPTED = 'audio/*,.wav,.flac,.mp3,.opus,.ogg,.oga,.m4a,.aac,.webm,.mka';

/** Search, filters and order of the recordings, and a button to import audio files. */
export function RecordingsToolbar({ query, empty, onChange, onImport, searchField }: RecordingsToolbarProps) {
  const files = useRef<HTMLInputElement>(null);
  const toggle = (mark: (typeof FILTER_MARKS)[number]) => {
    const marks = new Set(query.marks);
    if (!marks.delete(mark)) marks.add(mark);
    onChange({ ...query, marks });
  };
  return (
    <search className="recordings-toolbar" data-empty={empty}>
      <label className="search-field" hidden={empty}>
        <Icon name="search" size={16} />
        <span className="visually-hidden">{text.recordings.search}</span>
        <input
          ref={searchField}
          type="search"
          className="input"
          data-testid="recordings-search"
          placeholder={text.recordings.searchHint}
          title={text.recordings.search}
          value={query.search}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange({ ...query, search: event.target.value })}
        />
      </label>
      <select
        className="input select"
        hidden={empty}
        aria-label={text.recordings.sort}
        data-testid="recordings-sort"
        value={query.sort}
        onChange={(event) => onChange({ ...query, sort: event.target.value as RecordingSort })}
      >
        {RECORDING_SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {text.recordings.sortBy[sort]}
          </option>
        ))}
      </select>
      <IconButton
        label={text.recordingFiles.importFiles}
        data-testid="recordings-import"
        onClick={() => files.current?.click()}
      >
        <Icon name="importFile" />
      </IconButton>
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
      <fieldset className="recordings-filters" hidden={empty}>
        <legend className="visually-hidden">{text.recordings.filters}</legend>
        {FILTER_MARKS.map((mark) => (
          <Tooltip key={mark} text={text.recordings.filterHint[mark]}>
            <button
              type="button"
              className="filter"
              data-testid={`recordings-filter-${mark}`}
              aria-description={text.recordings.filterHint[mark]}
              aria-pressed={query.marks.has(mark)}
              onClick={() => toggle(mark)}
            >
              {query.marks.has(mark) && <Icon name="check" size={14} />}
              {text.recordings.filter[mark]}
            </button>
          </Tooltip>
        ))}
      </fieldset>
    </search>
  );
}
