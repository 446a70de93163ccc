import { type KeyboardEvent, useId, useState } from 'react';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { SectionTabs } from './section-tabs.tsx';
import { SECTIONS, type SectionId } from './sections.ts';
import type { SettingsField } from './settings-fields.tsx';
import { matchesSearch } from './settings-search.ts';
import { SettingsSection } from './settings-section.tsx';
import { useLoadDesktop } from './use-load-desktop.ts';

interface SettingsContentProps {
  fields: readonly SettingsField[];
  firstSection: SectionId;
}

/**
 * The search and the sections. From a width of 700 px (CSS pixels) one section is shown, chosen by tabs beside it;
 * below that they follow each other. While the user searches, all sections with a match are shown.
 */
export function SettingsContent({ fields, firstSection }: SettingsContentProps) {
  const hasTabs = useMedia('(min-width: 700px)');
  const [section, setSection] = useState(firstSection);
  const [query, setQuery] = useState('');
  const panel = useId();
  useLoadDesktop();

  const searching = query.trim() !== '';
  const found = fields.filter((field) => matchesSearch(query, [field.texts(), text.settings.sections[field.section]]));
  const sections = SECTIONS.filter((id) => fields.some((field) => field.section === id));
  const shown = hasTabs && !searching ? [section] : sections;
  const select = (id: SectionId) => {
    setQuery('');
    setSection(id);
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || query === '') return;
    // The first Escape clears the search, the next one closes the dialog.
    event.preventDefault();
    setQuery('');
  };

  return (
    <div className="settings" data-tabs={hasTabs}>
      <div className="settings-side">
        <input
          type="search"
          className="input"
          data-testid="settings-search"
          aria-label={text.settings.search.label}
          placeholder={text.settings.search.label}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={onSearchKey}
        />
        {hasTabs && (
          <SectionTabs
            sections={sections}
            selected={section}
            found={searching ? found : null}
            panel={panel}
            onSelect={select}
          />
        )}
      </div>
      <p className="visually-hidden" role="status">
        {searching && text.settings.search.found({ fields: found.length })}
      </p>
      <div
        className="settings-fields"
        id={panel}
        {...(hasTabs && !searching && { role: 'tabpanel', 'aria-labelledby': `${panel}-${section}` })}
      >
        {shown.map((id) => (
          <SettingsSection key={id} id={id} fields={found.filter((field) => field.section === id)} />
        ))}
        {found.length === 0 && (
          <div className="settings-none" data-testid="settings-none">
            <p>{text.settings.search.none({ query: query.trim() })}</p>
            <Button onClick={() => setQuery('')}>{text.settings.search.showAll}</Button>
          </div>
        )}
      </div>
    </div>
  );
}
