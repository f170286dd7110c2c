/* Whom a task is given to, as people read it: members by name, guests by address, groups by name.
 * Groups are asked for when a task first shows them, and kept while the page is open. */

import { useEffect, useState } from 'preact/hooks';
import { organizations, type Owners, type Person } from '../api';
import { useHere } from '../context';
import { t } from '../strings';
import { nameOf } from '../ui/people';

export interface Assignee {
  list: keyof Owners;
  /** As in that list. */
  key: number | string;
  name: string;
  /** A member who is still there. */
  person?: Person;
}

export function useAssignees(owners: Owners): Assignee[] {
  const { people } = useHere();
  const groups = useGroupNames(owners.groups);
  const gone = people.size ? t.tasks.gone : t.tasks.someone;
  return [
    ...owners.users.map((key): Assignee => {
      const person = people.get(key);
      return { list: 'users', key, name: person ? nameOf(person) : gone, person };
    }),
    ...owners.guests.map((key): Assignee => ({ list: 'guests', key, name: key })),
    ...owners.groups.map(
      (key, i): Assignee => ({ list: 'groups', key, name: groups[i] ?? t.tasks.aGroup }),
    ),
  ];
}

const groupNames = new Map<string, Promise<string>>();

function groupName(org: string, id: string): Promise<string> {
  const asked = groupNames.get(id);
  if (asked) return asked;
  const name = organizations.group(org, id).then(
    (group) => group.name,
    () => {
      groupNames.delete(id);
      return t.tasks.aGroup;
    },
  );
  groupNames.set(id, name);
  return name;
}

function useGroupNames(ids: string[]): string[] {
  const { org } = useHere();
  const [names, setNames] = useState<string[]>([]);
  useEffect(() => {
    let current = true;
    void Promise.all(ids.map((id) => groupName(org.id, id))).then((all) => {
      if (current) setNames(all);
    });
    return () => {
      current = false;
    };
  }, [org.id, ids.join(' ')]);
  return names;
}

/** Who can be given work. */
export const canHaveTasks = (person: Person) =>
  person.status === 'active' && !person.support_user;
