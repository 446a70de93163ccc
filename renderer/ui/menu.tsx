import { Menu } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import { Icon, type IconName } from './icons.tsx';
import './menu.css';

export interface MenuEntry {
  label: string;
  /** A few words below the label: what it is for, or why it can't be chosen. */
  hint?: string | undefined;
  icon?: IconName;
  disabled?: boolean;
  testId?: string;
  /** `danger`: it takes something away. */
  kind?: 'plain' | 'danger';
  /** Whether a line separates it from the entry above. */
  separated?: boolean;
  onSelect: () => void;
}

/** An entry that opens a menu of its own. */
export interface Submenu extends Omit<MenuEntry, 'onSelect'> {
  entries: readonly MenuEntry[];
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
            <MenuEntries entries={entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The entries of a menu that is open. */
export function MenuEntries({ entries }: { entries: readonly (MenuEntry | Submenu)[] }) {
  return entries.map((entry) => (
    <MenuPart key={entry.label} separated={entry.separated ?? false}>
      {'entries' in entry ? <OpensSubmenu entry={entry} /> : <Item entry={entry} />}
    </MenuPart>
  ));
}

function MenuPart({ separated, children }: { separated: boolean; children: ReactElement }) {
  return (
    <>
      {separated && <Menu.Separator className="menu-line" />}
      {children}
    </>
  );
}

function Item({
  entry: { label, hint, icon, disabled = false, testId, kind = 'plain', onSelect },
}: {
  entry: MenuEntry;
}) {
  return (
    <Menu.Item
      className="menu-item"
      label={label}
      disabled={disabled}
      data-kind={kind}
      data-testid={testId}
      onClick={onSelect}
    >
      {icon && <Icon name={icon} size={16} />}
      <span className="menu-label">{label}</span>
      {hint && <span className="menu-hint">{hint}</span>}
    </Menu.Item>
  );
}

function OpensSubmenu({ entry: { label, icon, disabled = false, testId, entries } }: { entry: Submenu }) {
  return (
    <Menu.SubmenuRoot disabled={disabled}>
      <Menu.SubmenuTrigger className="menu-item" label={label} data-testid={testId}>
        {icon && <Icon name={icon} size={16} />}
        <span className="menu-label">{label}</span>
        <span className="menu-arrow">
          <Icon name="chevron" size={16} />
        </span>
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        {/* Its first entry stands beside the entry that opens it. */}
        <Menu.Positioner className="menu-place" alignOffset={-5} collisionPadding={8}>
          <Menu.Popup className="menu">
            <MenuEntries entries={entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  );
}
