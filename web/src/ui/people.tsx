/* Faces: initials on a colour that stays the same for the same person. */

import { t } from '../strings';
import { Icon, type IconName } from './icons';

const HUES = 6;

export const nameOf = (person: Omit<Face, 'id'>) =>
  `${person.first_name} ${person.last_name}`.trim() || person.email;

interface Face {
  id: number;
  first_name: string;
  last_name: string;
  email: string;
}

export function Avatar({ person }: { person: Face }) {
  const initials = (person.first_name[0] ?? person.email[0] ?? '') + (person.last_name[0] ?? '');
  return (
    <span class={`avatar hue-${person.id % HUES}`} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}

/** Who has no initials of their own: guests, groups, those who are gone. */
export function IconAvatar({ icon }: { icon: IconName }) {
  return (
    <span class="avatar plain" aria-hidden="true">
      <Icon name={icon} />
    </span>
  );
}

/** Somebody or some people whom a task is given to. */
interface Named {
  list: 'users' | 'guests' | 'groups';
  name: string;
  person?: Face;
}

const ICONS = { users: 'user', guests: 'mail', groups: 'group' } as const;

export const FaceOf = ({ who }: { who: Named }) =>
  who.person ? <Avatar person={who.person} /> : <IconAvatar icon={ICONS[who.list]} />;

const FACES = 3;

export function Faces({ people }: { people: (Named & { key: number | string })[] }) {
  const hidden = people.length - FACES;
  const names = people.map(({ name }) => name).join(', ') || t.tasks.nobody;
  return (
    <span class="faces" title={names}>
      <span class="visually-hidden">{t.tasks.assignedTo(names)}</span>
      {people.slice(0, FACES).map((one) => (
        <FaceOf key={one.key} who={one} />
      ))}
      {hidden > 0 && (
        <span class="avatar more" aria-hidden="true">
          +{hidden}
        </span>
      )}
    </span>
  );
}
