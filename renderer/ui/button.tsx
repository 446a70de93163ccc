import type { ButtonHTMLAttributes, Ref } from 'react';
import './button.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `quiet` has no frame until the pointer is over it. */
  kind?: 'plain' | 'primary' | 'quiet';
  ref?: Ref<HTMLButtonElement> | undefined;
}

export function Button({ kind = 'plain', className = '', ...rest }: ButtonProps) {
  return <button type="button" className={`button button-${kind} ${className}`} {...rest} />;
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What the button does: its accessible name and tooltip. */
  label: string;
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** A square button with an icon instead of a label. */
export function IconButton({ label, title = label, className = '', ...rest }: IconButtonProps) {
  return <button type="button" className={`icon-button ${className}`} aria-label={label} title={title} {...rest} />;
}
