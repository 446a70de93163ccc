import { Menu } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import { Icon, type IconName } from './icons.tsx';
import './menu.css';

export interface MenuEntry {
  label: string;
  /** A few words below the label: what it is for, or why it can't be chosen. */
  hint?: string;
  icon?: IconName;
  disabled?: boolean;
  testId?: string;
  onSelect: () => void;
}

interface MenuButtonProps {
  /** The button that opens the menu. */
  button: ReactElement;
  entries: readonly MenuEntry[];
  disabled?: boolean;
  align?: 'start' | 'end';
}

/** A button with a menu: arrow keys and letters move, Enter chooses, Escape closes and returns the focus. */
export function MenuButton({ button, entries, disabled = false, align = 'start' }: MenuButtonProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger disabled={disabled} render={button} />
      <Menu.Portal>
        <Menu.Positioner className="menu-place" sideOffset={4} align={align} collisionPadding={8}>
          <Menu.Popup className="menu">
            {entries.map(({ label, hint, icon, disabled = false, testId, onSelect }) => (
              <Menu.Item
                key={label}
                className="menu-item"
                label={label}
                disabled={disabled}
                data-testid={testId}
                onClick={onSelect}
              >
                {icon && <Icon name={icon} size={16} />}
                <span className="menu-label">{label}</span>
                {hint && <span className="menu-hint">{hint}</span>}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
