import { useId } from 'react';
import { chooseLanguage, LANGUAGES } from '../../../shared/language.ts';
import { Settings } from '../../../shared/settings.ts';
import { systemLanguages } from '../../state/follow-language.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';

/** The language of all texts. Each language is named in itself, so that whoever reads no other one finds it. */
export function LanguageField() {
  const { settings } = useServices();
  const { info, settings: current } = useSettings((state) => state);
  const id = useId();
  const { label, system, names, hint } = text.settings.language;
  const { language } = chooseLanguage(systemLanguages(info));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input select"
        data-testid="language"
        aria-describedby={`${id}-hint`}
        value={current.language}
        onChange={(event) => void settings.change({ language: Settings.shape.language.parse(event.target.value) })}
      >
        <option value="system">{system({ language: names[language] })}</option>
        {LANGUAGES.map((name) => (
          <option key={name} value={name} lang={name}>
            {names[name]}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="field-hint">
        {hint}
      </p>
    </div>
  );
}
