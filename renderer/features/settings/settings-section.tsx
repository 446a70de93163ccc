import { useId, useRef } from 'react';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Failure } from '../../ui/notice.tsx';
import { useDialogActions } from './dialog-actions.ts';
import type { SectionId } from './sections.ts';
import type { SettingsField } from './settings-fields.tsx';
import { isChanged } from './settings-reset.ts';

/** Their fields show the state of the desktop app, which has to be loaded. */
const NEEDS_DESKTOP: ReadonlySet<SectionId> = new Set(['computer', 'updates']);

/** A section with its heading; nothing without fields. */
export function SettingsSection({ id, fields }: { id: SectionId; fields: readonly SettingsField[] }) {
  const heading = useId();
  const { desktop } = useServices();
  const loaded = useDesktop((state) => state.desktop !== null);
  const error = useDesktop((state) => state.error);
  if (fields.length === 0) return null;
  return (
    <section className="settings-section" aria-labelledby={heading} data-testid={`section-${id}`}>
      <h3 id={heading}>{text.settings.sections[id]}</h3>
      {NEEDS_DESKTOP.has(id) && error !== null && <Failure sentence={error} onRetry={desktop.load} />}
      {(loaded || !NEEDS_DESKTOP.has(id)) && fields.map((field) => <FieldWithReset key={field.id} field={field} />)}
    </section>
  );
}

/** A field, and the button that resets it while it differs from its default. */
function FieldWithReset({ field }: { field: SettingsField }) {
  const { reset } = useDialogActions();
  const changed = useSettings((state) => isChanged(field, state.settings));
  const platform = useSettings((state) => state.info.platform);
  const frame = useRef<HTMLDivElement>(null);
  const { Component } = field;
  const name = field.texts().label;
  const value = defaultOf(field, platform);
  const run = () => {
    reset([field], text.settings.reset.oneDone({ name, value }));
    // The button is gone then.
    frame.current?.querySelector<HTMLElement>('input, select, button, textarea')?.focus();
  };
  return (
    <div ref={frame} className="settings-field" data-testid={`field-${field.id}`}>
      <div>
        <Component />
      </div>
      {changed && (
        <IconButton label={text.settings.reset.one({ name, value })} data-testid={`reset-${field.id}`} onClick={run}>
          <Icon name="reset" size={16} />
        </IconButton>
      )}
    </div>
  );
}

function defaultOf({ keys = [], defaultText }: SettingsField, platform: string): string {
  if (defaultText !== undefined) return defaultText(platform);
  const [key] = keys;
  return key !== undefined && DEFAULT_SETTINGS[key] === true ? text.settings.on : text.settings.off;
}
