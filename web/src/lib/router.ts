/* Where the reader is. Every view is a path with a query; the browser's history is the only
 * state. */

import { useEffect, useState } from 'preact/hooks';

export interface Place {
  path: string;
  query: URLSearchParams;
}

const listeners = new Set<() => void>();

const here = (): Place => ({
  path: location.pathname.replace(/(.)\/+$/, '$1'),
  query: new URLSearchParams(location.search),
});

const changed = () => listeners.forEach((listener) => listener());

addEventListener('popstate', changed);

export function go(to: string, how: 'push' | 'replace' = 'push') {
  if (to === location.pathname + location.search + location.hash) return;
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  changed();
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const update = () => setPlace(here());
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return place;
}

/** The same query with some values changed; an empty value takes the name out. */
export function changeQuery(query: URLSearchParams, changes: Record<string, string>): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes))
    if (value) next.set(name, value);
    else next.delete(name);
  return next.size ? `?${next}` : '';
}

/** A place of ours to return to, or the start: never an address that somebody put in a link. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/log') ? next : '/';
}
