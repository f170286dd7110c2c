// Things that many tests start from.

// The body of a one-off task for one person.
export function oneOff(person, more = {}) {
  return {
    title: 'Water the plants',
    task_type: 'task',
    deadline: '2031-02-03 04:05:06',
    owners: { users: [person.id], guests: [], groups: [] },
    ...more,
  };
}
