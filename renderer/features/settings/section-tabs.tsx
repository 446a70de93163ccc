import { type KeyboardEvent, useRef } from 'react';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { nextTab } from '../../ui/next-tab.ts';
import type { SectionId } from './sections.ts';
import type { SettingsField } from './settings-fields.tsx';

interface SectionTabsProps {
  sections: readonly SectionId[];
  selected: SectionId;
  /** The fields that match the search; null: no search. */
  found: readonly SettingsField[] | null;
  /** ID of the panel that shows the section. */
  panel: string;
  onSelect: (id: SectionId) => void;
}

/** The sections as vertical tabs. The arrow keys, Home and End move between them. A search marks those with matches. */
export function SectionTabs({ sections, selected, found, panel, onSelect }: SectionTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextTab(event.key, selected, sections, 'vertical');
    if (next === null) return;
    event.preventDefault();
    onSelect(next);
    list.current?.querySelector<HTMLElement>(`[data-section="${next}"]`)?.focus();
  };
  return (
    <div
      ref={list}
      className="section-tabs"
      role="tablist"
      aria-label={text.settings.sectionList}
      aria-orientation="vertical"
      onKeyDown={onKeyDown}
    >
      {sections.map((id) => {
        const matches = found?.filter((field) => field.section === id).length ?? null;
        return (
          <button
            key={id}
            id={`${panel}-${id}`}
            type="button"
            role="tab"
            className="section-tab"
            data-section={id}
            data-testid={`settings-${id}`}
            data-found={matches === null ? undefined : matches > 0}
            aria-selected={found === null && id === selected}
            aria-controls={panel}
            data-first-focus={id === selected ? '' : undefined}
            tabIndex={id === selected ? 0 : -1}
            onClick={() => onSelect(id)}
          >
            <span>{text.settings.sections[id]}</span>
            {matches !== null && matches > 0 && (
              <span className="section-matches">
                <span aria-hidden="true">{formatCount(matches)}</span>
                <span className="visually-hidden">{text.settings.search.found({ fields: matches })}</span>
              </span>
            )}
          </button>
        );
      })}
    </div>
  );
}
