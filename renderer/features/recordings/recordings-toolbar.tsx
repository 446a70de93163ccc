import type { RefObject } from 'react';
import { FILTER_MARKS, RECORDING_SORTS, type RecordingQuery, type RecordingSort } from '../../state/recording-query.ts';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { ImportButton } from './import-button.tsx';

interface RecordingsToolbarProps {
  query: RecordingQuery;
  onChange: (query: RecordingQuery) => void;
  /** Receives the audio files that the user chose. */
  onImport: (files: File[]) => void;
  /** The search field. */
  searchField?: RefObject<HTMLInputElement | null> | undefined;
  /** Whether only its room is kept: an empty list has no toolbar, and it is not known yet whether the list is empty. */
  reserved: boolean;
}

/** Search, filters and order of the recordings, and a button to import audio files. */
export function RecordingsToolbar({ query, onChange, onImport, searchField, reserved }: RecordingsToolbarProps) {
  const toggle = (mark: (typeof FILTER_MARKS)[number]) => {
    const marks = new Set(query.marks);
    if (!marks.delete(mark)) marks.add(mark);
    onChange({ ...query, marks });
  };
  return (
    <search className="recordings-toolbar" data-reserved={reserved}>
      <label className="search-field">
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
      <ImportButton place="toolbar" onImport={onImport} />
      <fieldset className="recordings-filters">
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
