/* Buttons and links. */

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { go } from '../lib/router';
import { t } from '../strings';
import { Icon, type IconName } from './icons';
import { announce } from './toast';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'icon'> & {
  kind?: Kind;
  icon?: IconName;
  /** Under way: keeps its place and its focus, and does nothing. */
  busy?: boolean;
  children?: ComponentChildren;
};

const classes = (...names: unknown[]) => names.filter(Boolean).join(' ');

export function Button({ kind = 'plain', icon, busy, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={classes('button', kind, busy && 'busy', rest.class)}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function IconButton({
  label,
  icon,
  ...rest
}: { label: string; icon: IconName } & Omit<JSX.IntrinsicElements['button'], 'icon' | 'label'>) {
  return (
    <button
      type="button"
      {...rest}
      class={classes('icon-button', rest.class)}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A link to another view: a real link, so it opens in a new tab and can be copied. */
export function Link({ href, ...rest }: JSX.IntrinsicElements['a'] & { href: string }) {
  const follow = (event: MouseEvent) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}

export function ButtonLink({
  kind = 'plain',
  icon,
  children,
  href,
}: {
  kind?: Kind;
  icon?: IconName;
  children: ComponentChildren;
  href: string;
}) {
  return (
    <Link href={href} class={classes('button', kind)}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

const COPIED_FOR = 4000;

export function CopyButton({ text, label, kind }: { text: string; label: string; kind?: Kind }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => setCopied(false), [text]);

  const copy = async () => {
    await writeClipboard(text);
    setCopied(true);
    announce(t.copied);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), COPIED_FOR);
  };
  return (
    <Button
      kind={kind ?? 'plain'}
      icon={copied ? 'check' : 'copy'}
      class={copied ? 'copied' : undefined}
      aria-label={copied ? t.copied : label}
      onClick={copy}
    >
      {copied ? t.copied : t.copy}
    </Button>
  );
}

/** Browsers offer the clipboard only to pages served over TLS or from this machine; a server on the
 * local network by plain HTTP needs the old way. */
async function writeClipboard(text: string) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
