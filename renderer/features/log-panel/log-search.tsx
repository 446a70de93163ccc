import { type ClipboardEvent, type KeyboardEvent, type RefObject, useEffect, useState } from 'react';
import { FilterTextError, isFilterText, parseFilter } from '../../state/filter-text.ts';
import { useLog, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

interface LogSearchProps {
  ref: RefObject<HTMLInputElement | null>;
  /** Goes to the next or the previous match. */
  onFind: (direction: 'next' | 'previous') => void;
  /** The search is done: the list takes the focus. */
  onLeave: () => void;
}

/**
 * The search field with the number of matches. A filter as text (`level:warn side:server words`) is applied when it is
 * pasted, and by Enter when it is typed.
 */
export function LogSearch({ ref, onFind, onLeave }: LogSearchProps) {
  const { log, settings } = useServices();
  const search = useLog((state) => state.filter.search);
  const isSearching = useLog((state) => state.search.words.length > 0);
  const onlyMatches = useSettings((state) => state.settings.log_only_matches);
  /** A filter that is being typed and does not apply yet. */
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  function change(value: string): void {
    setProblem(null);
    const isFilter = isFilterText(value);
    setDraft(isFilter ? value : null);
    // While a filter is typed, nothing is searched.
    log.setFilter({ search: isFilter ? '' : value });
  }

  /** @returns whether the text was a filter */
  function apply(value: string): boolean {
    if (!isFilterText(value)) return false;
    try {
      log.setFilter(parseFilter(value));
      setDraft(null);
      setProblem(null);
    } catch (error) {
      if (!(error instanceof FilterTextError)) throw error;
      setDraft(value);
      setProblem(error.message);
    }
    return true;
  }

  function onPaste(event: ClipboardEvent): void {
    const pasted = event.clipboardData.getData('text/plain').trim();
    if (apply(pasted)) event.preventDefault();
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === 'Enter') {
      if (!apply(event.currentTarget.value)) onFind(event.shiftKey ? 'previous' : 'next');
    } else if (event.key === 'ArrowDown') onLeave();
    else if (event.key === 'Escape') {
      if (event.currentTarget.value === '') onLeave();
      else change('');
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <search className="log-search" data-searching={isSearching || undefined}>
      <label className="log-search-field">
        <Icon name="search" size={16} />
        <span className="visually-hidden">{text.log.search}</span>
        <input
          ref={ref}
          type="search"
          className="input"
          data-testid="log-search"
          placeholder={text.log.searchHint}
          value={draft ?? search}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== null || undefined}
          onChange={(event) => change(event.target.value)}
          onPaste={onPaste}
          onKeyDown={onKeyDown}
        />
      </label>
      {isSearching && <Matches onFind={onFind} />}
      {isSearching && (
        <IconButton
          label={text.log.onlyMatches}
          data-testid="log-only-matches"
          aria-pressed={onlyMatches}
          onClick={() => void settings.change({ log_only_matches: !onlyMatches })}
        >
          <Icon name="filter" size={16} />
        </IconButton>
      )}
      {/* Always mounted, because screen readers announce changes only. */}
      <p
        className="log-search-note"
        role="status"
        data-testid="log-search-note"
        data-bad={problem !== null || undefined}
      >
        {problem ?? (draft !== null && text.log.applyFilter)}
      </p>
    </search>
  );
}

/** The number of matches, and buttons that go from one to the next. */
function Matches({ onFind }: Pick<LogSearchProps, 'onFind'>) {
  const { words, count, position } = useLog((state) => state.search);
  const filtering = useLog((state) => state.filtering);
  // Announced once for each search: the number grows with every line that arrives.
  const [announced, setAnnounced] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another search is announced
  useEffect(() => setAnnounced(filtering ? null : count), [words, filtering]);
  return (
    <>
      <span className="log-matches" data-testid="log-matches" aria-hidden="true">
        {filtering ? text.log.filtering : count === 0 ? text.log.noMatches : text.log.matchOf({ position, count })}
      </span>
      <span className="visually-hidden" role="status">
        {announced !== null && text.log.matches({ count: announced })}
      </span>
      <IconButton
        label={text.log.previousMatch}
        keys="N"
        data-testid="log-previous-match"
        disabled={count === 0}
        onClick={() => onFind('previous')}
      >
        <Icon name="arrowUp" size={16} />
      </IconButton>
      <IconButton
        label={text.log.nextMatch}
        keys="n"
        data-testid="log-next-match"
        disabled={count === 0}
        onClick={() => onFind('next')}
      >
        <Icon name="arrowDown" size={16} />
      </IconButton>
    </>
  );
}
