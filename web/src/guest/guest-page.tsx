/* A guest's page: who they are to the organization, and what they have to do there. */

import { useEffect, useState } from 'preact/hooks';
import { guests, type Guest, type GuestPlace } from '../api';
import { useLoad } from '../lib/load';
import { Problem, Skeleton } from '../ui/feedback';
import { Icon } from '../ui/icons';
import { isolated } from '../ui/names';
import { Toasts } from '../ui/toast';
import { takeCode } from './code';
import { Left, LinkDead, SwitchedOff } from './no-access';
import { GuestSettings } from './settings';
import { words } from './strings';
import { GuestTasks } from './tasks';

export function GuestPage() {
  const [link] = useState(() => ({ code: takeCode() }));
  const [left, setLeft] = useState(false);
  const place = useLoad(() => arrive(link), []);
  const name = place.data?.organization.name;

  useEffect(() => {
    document.title = name ? words.pageTitle(isolated(name)) : words.title;
  }, [name]);

  if (left) return <Left />;
  if (place.error?.status === 401) return <LinkDead replaced={link.code !== undefined} />;
  if (place.error?.status === 403) return <SwitchedOff error={place.error} />;
  return (
    <>
      <main class="guest">
        {place.error && <Problem error={place.error} retry={place.reload} />}
        {!place.data && !place.error && <Skeleton rows={5} />}
        {place.data && (
          <Tasks
            place={place.data}
            onGuest={(guest) => place.set({ ...place.data!, guest })}
            onLeft={() => setLeft(true)}
            onEnded={place.reload}
          />
        )}
      </main>
      <Toasts />
    </>
  );
}

/** The code has done its part once there is a session for it. */
async function arrive(link: { code: string | undefined }): Promise<GuestPlace> {
  if (!link.code) return guests.read();
  const place = await guests.enter(link.code);
  link.code = undefined;
  return place;
}

function Tasks({
  place,
  onGuest,
  onLeft,
  onEnded,
}: {
  place: GuestPlace;
  onGuest: (guest: Guest) => void;
  onLeft: () => void;
  onEnded: () => void;
}) {
  const [settings, setSettings] = useState(false);
  const { guest, organization } = place;
  const logo = ownPicture(organization.org_logo);
  return (
    <>
      <header class="guest-head">
        <p class="guest-org">
          {logo && <img src={logo} alt="" />}
          <bdi>{organization.name}</bdi>
        </p>
        <h1>{words.title}</h1>
        <p class="hint">
          {words.forYou} <bdi>{guest.email}</bdi>
        </p>
      </header>
      <GuestTasks place={place} onEnded={onEnded} />
      <footer class="guest-foot">
        <button type="button" class="link" onClick={() => setSettings(true)}>
          {words.settings.open}
        </button>
        <button
          type="button"
          class="link"
          onClick={async () => {
            await guests.leave().catch(() => {});
            onLeft();
          }}
        >
          {words.leave}
        </button>
        <p class="hint">
          <Icon name="shield" /> {words.keepLink}
        </p>
      </footer>
      {settings && (
        <GuestSettings place={place} onSaved={onGuest} onClose={() => setSettings(false)} />
      )}
    </>
  );
}

/** Pictures come from this server alone: one from elsewhere would tell its owner who reads here. */
function ownPicture(url: string | null): string | undefined {
  return url && (url.startsWith('/') || url.startsWith('data:image/')) ? url : undefined;
}
