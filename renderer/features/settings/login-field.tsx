import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Switch } from '../../ui/switch.tsx';

/** Whether the system starts Earshot at login. The switch shows the user's choice, the hint a different system setting. */
export function LoginField() {
  const { settings } = useServices();
  const login = useDesktop((state) => state.desktop?.login);
  const enabled = useSettings((state) => state.settings.start_at_login);
  if (login === undefined) return null;
  if (login === 'unsupported') {
    return (
      <div className="field" data-testid="no-login">
        <p className="field-name">{text.settings.login.label}</p>
        <p className="field-hint">{text.settings.login.unsupported}</p>
      </div>
    );
  }
  return (
    <Switch
      label={text.settings.login.label}
      hint={loginHint(enabled, login === 'on')}
      checked={enabled}
      onChange={(start_at_login) => settings.change({ start_at_login })}
    />
  );
}

function loginHint(enabled: boolean, on: boolean): string {
  if (enabled === on) return text.settings.login.hint;
  return on ? text.settings.login.onInSystem : text.settings.login.offInSystem;
}
