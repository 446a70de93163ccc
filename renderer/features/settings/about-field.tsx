import { useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { FilePath } from '../../ui/file-path.tsx';

/** The data folder and the version. */
export function AboutField() {
  const info = useSettings((state) => state.info);
  return (
    <div className="field">
      <p className="field-name">{text.settings.about.label}</p>
      <dl className="about">
        <dt>{text.settings.about.dataFolder}</dt>
        <dd>
          <code>
            <FilePath path={info.data_dir} />
          </code>
        </dd>
        <dt>{text.settings.about.version}</dt>
        <dd>{text.settings.about[info.shell](info)}</dd>
      </dl>
    </div>
  );
}
