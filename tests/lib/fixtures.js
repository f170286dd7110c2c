// Things that many tests start from.

// Who works in the tests of tasks: an organization with two standard members and a light one, what
// its administrator and Ann ask with, and an administrator of another organization.
export async function team(pawl) {
  const org = await pawl.org();
  const ann = await pawl.user(org, { first: 'Ann' });
  const ben = await pawl.user(org, { first: 'Ben' });
  const lou = await pawl.user(org, { role: 'light', first: 'Lou' });
  const other = await pawl.org({ name: 'Other' });

  return {
    org, ann, ben, lou, other,
    admin: pawl.api(org.admin.token),
    api: pawl.api(ann.token),
    stranger: pawl.api(other.admin.token),
  };
}

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

// Characters that nobody sees: they order text about, break its line or take no place.
export const HIDDEN = [
  0x80, 0x85, 0x9f, 0xad, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029,
  0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x3164, 0xfeff, 0xe0041,
].map((code) => String.fromCodePoint(code));
