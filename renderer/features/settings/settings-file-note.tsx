import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { FilePath } from '../../ui/file-path.tsx';
import { Icon } from '../../ui/icons.tsx';
import '../../ui/notice.css';
import './settings-file-note.css';

/** Says in the first window that the settings file could not be used, and where it is. */
export function SettingsFileNote() {
  const { settings } = useServices();
  const problem = useSettings((state) => state.problem);
  if (problem === null) return null;
  return (
    <div className="notice notice-warn settings-file-note" role="alert" data-testid="settings-file-note">
      <Icon name="alert" size={16} />
      <p>
        {text.settings.file[problem.kind]}{' '}
        <code>
          <FilePath path={problem.file} />
        </code>
      </p>
      <IconButton label={text.common.dismiss} onClick={settings.dismissProblem}>
        <Icon name="close" size={16} />
      </IconButton>
    </div>
  );
}
