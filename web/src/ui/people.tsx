/* Faces: initials on a colour that stays the same for the same person. */

import type { Person } from '../api';
import { t } from '../strings';

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

const FACES = 3;

export function Faces({ people }: { people: Person[] }) {
  const hidden = people.length - FACES;
  const names = people.map(nameOf).join(', ') || t.tasks.nobody;
  return (
    <span class="faces" title={names}>
      <span class="visually-hidden">{t.tasks.assignedTo(names)}</span>
      {people.slice(0, FACES).map((person) => (
        <Avatar key={person.id} person={person} />
      ))}
      {hidden > 0 && (
        <span class="avatar more" aria-hidden="true">
          +{hidden}
        </span>
      )}
    </span>
  );
}
