/* Line icons on a 20-unit grid, drawn for this app. Decoration only: the words beside them, or the
 * label of the button that holds them, carry the meaning. */

const PATHS = {
  add: 'M10 4v12M4 10h12',
  alert: 'M10 6.5v4.2M10 13.6v.1M10 2.8 1.9 16.6h16.2z',
  app: 'M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM14 11.5v5M11.5 14h5',
  archive: 'M3 4h14v3.5H3zM4.3 7.5V16h11.4V7.5M8 11h4',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  check: 'm4.5 10.5 3.6 3.6 7.4-8',
  close: 'm5 5 10 10M15 5 5 15',
  code: 'm6.5 6-4 4 4 4M13.5 6l4 4-4 4',
  copy: 'M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4',
  download: 'M10 3v9.5M6 8.8l4 4 4-4M3.5 16.5h13',
  edit: 'M12.8 4.2 4.5 12.5V16h3.3l8.3-8.3zM11 6l3.2 3.3',
  eye:
    'M1.8 10S4.8 4.8 10 4.8 18.2 10 18.2 10 15.2 15.2 10 15.2 1.8 10 1.8 10z' +
    'M10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  group:
    'M7.3 9.3a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8zM2 16c0-3 2.2-4.7 5.3-4.7s5.3 1.7 5.3 4.7' +
    'M12.8 3.7a2.9 2.9 0 0 1 0 5.4M14.8 11.7c2 .7 3.2 2.2 3.2 4.3',
  key: 'M12.8 10.9a3.9 3.9 0 1 0-3.6-3.6L3 13.5V17h3.2v-2.2h2.2v-2.2h2.2zM13.4 6.6v.1',
  keyboard: 'M2 5.5h16v9H2zM5 8.5v.1M8.3 8.5v.1M11.7 8.5v.1M15 8.5v.1M6.5 11.7h7',
  link:
    'M8.6 11.4a3.3 3.3 0 0 0 4.7 0l2.6-2.6a3.3 3.3 0 0 0-4.7-4.7L10.3 5' +
    'M11.4 8.6a3.3 3.3 0 0 0-4.7 0l-2.6 2.6a3.3 3.3 0 0 0 4.7 4.7l.9-.9',
  list: 'M7 5h10M7 10h10M7 15h10M3.2 5v.1M3.2 10v.1M3.2 15v.1',
  mail: 'M2.5 4.5h15v11h-15zM3 5l7 6 7-6',
  more:
    'M4.2 9.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4zM10 9.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4z' +
    'M15.8 9.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4z',
  out: 'M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H8',
  reopen: 'M4.2 8.2A6.3 6.3 0 1 1 3.8 12M4 3.8v4.6h4.6',
  search: 'M8.8 14.6a5.8 5.8 0 1 0 0-11.6 5.8 5.8 0 0 0 0 11.6zM13 13l4 4',
  settings:
    'M3 6h6M13 6h4M11 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM3 14h2M9 14h8' +
    'M7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  shield: 'M10 2.5 16 5v4.6c0 3.9-2.6 6.6-6 7.9-3.4-1.3-6-4-6-7.9V5zM7.2 10l2 2 3.6-3.8',
  sort: 'M6 4v12M3 13l3 3 3-3M14 16V4M11 7l3-3 3 3',
  switch: 'M6.5 7.5 10 4l3.5 3.5M6.5 12.5 10 16l3.5-3.5',
  tasks: 'm2.5 5.5 1.6 1.6 2.8-3M2.5 13l1.6 1.6 2.8-3M10 6h7.5M10 13.5h7.5',
  trash: 'M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11h8.4l.8-11M8.4 8.5v5M11.6 8.5v5',
  user:
    'M10 10a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8z' +
    'M3.6 17c0-3.4 2.7-5.4 6.4-5.4s6.4 2 6.4 5.4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A pawl resting on a ratchet: the work goes forward and does not slip back. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="logo-tile" />
      <path d="M9 23.5V8.5h8.2a5.2 5.2 0 0 1 0 10.4H9" class="logo-stroke" />
      <circle cx="23.2" cy="23" r="2.3" class="logo-dot" />
    </svg>
  );
}
