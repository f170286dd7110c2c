/* What this browser remembers. Storage can be switched off; nothing here may fail because of it. */

export function remember(name: string, value: string) {
  try {
    localStorage.setItem(`pawl.${name}`, value);
  } catch {
    /* private mode: forgotten at reload, and that is all */
  }
}

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`pawl.${name}`);
  } catch {
    return null;
  }
}
