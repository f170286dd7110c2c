/* What every view inside an organization knows. */

import { createContext } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import type { Organization, Person, Session } from './api';
import { t } from './strings';

export interface Here {
  session: Session;
  refreshSession: () => Promise<void>;
  organizations: Organization[];
  org: Organization;
  isAdmin: boolean;
  people: Map<number, Person>;
}

export const HereContext = createContext<Here | null>(null);

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error('used outside an organization');
  return here;
}

/** The title of the browser's tab. One view on the screen names it; the others leave it alone. */
export function useTitle(title: string | undefined) {
  useEffect(() => {
    if (title) document.title = `${title} · ${t.appName}`;
  }, [title]);
}
