/* Light or dark: what the system says, unless the reader has chosen. */

import { recall, remember } from './storage';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: Theme[] = ['system', 'light', 'dark'];

export const currentTheme = () => (recall('theme') ?? 'system') as Theme;

export function applyTheme(theme = currentTheme()) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function chooseTheme(theme: Theme) {
  remember('theme', theme);
  applyTheme(theme);
}
