/* Every word the app says, in one place, so that it can be said in another language.
 * Words of the product, not of the API: task, member, organization. */

const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

const named = (title: string) => `“${title}”`;

export const t = {
  appName: 'Pawl',

  cancel: 'Cancel',
  clear: 'Clear',
  close: 'Close',
  copied: 'Copied',
  copy: 'Copy',
  copyThing: (thing: string) => `Copy ${thing}`,
  dismiss: 'Dismiss this message',
  done: 'Done',
  edit: 'Edit',
  goHome: 'Go to my tasks',
  hide: 'Hide',
  loading: 'Loading',
  messages: 'Messages',
  moreActions: 'More actions',
  next: 'Next',
  pages: 'Pages',
  previous: 'Previous',
  requestId: (id: string) => `Request ID ${id}`,
  save: 'Save changes',
  show: 'Show',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  skipToContent: 'Skip to content',
  tryAgain: 'Try again',
  undo: 'Undo',
  unknownClient: 'an unnamed client',
  fromAddress: (address: string) => `from ${address}`,

  errors: {
    offline: 'The server cannot be reached. Nothing was lost; try again when you are back online.',
    signedOut:
      'You are signed out. Nothing was lost: sign in again in another tab, then send this again.',
    server: 'The server could not do this. Nothing was lost; try again in a moment.',
    notFound: 'This is not here any more, or you cannot see it.',
    invalid: 'Some of this needs another look. Nothing was lost.',
    other: (status: number) => `The server refused this (${status}).`,
  },

  notFound: {
    title: 'Nothing here',
    text: 'This address leads nowhere. It may have been mistyped, or the page has moved.',
  },
  noOrganization: {
    title: 'Not your organization',
    text:
      'You are not a member of the organization in this address. Ask one of its administrators ' +
      'to invite you.',
  },

  nav: {
    main: 'Main',
    tasks: 'Tasks',
    settings: 'Settings',
    create: 'New task',
    shortcuts: 'Keyboard shortcuts',
    account: 'Your account',
    organizations: 'Organizations',
    createOrganization: 'Create an organization',
    switchOrganization: 'Switch organization',
  },

  theme: {
    label: 'Colours',
    system: 'System',
    light: 'Light',
    dark: 'Dark',
  },

  roles: { admin: 'Administrator', standard: 'Standard member', light: 'Light member' },

  time: {
    justNow: 'just now',
    noDate: 'No date',
    lateToday: (clock: string) => `Was due ${clock}`,
    lateYesterday: 'Due yesterday',
    lateDays: (days: number) => `${plural(days, 'day', 'days')} late`,
    today: (clock: string) => `Today ${clock}`,
    tomorrow: (clock: string) => `Tomorrow ${clock}`,
    weekday: (day: string, clock: string) => `${day} ${clock}`,
  },

  person: {
    email: 'E-mail',
    password: 'Password',
    passwordHint: (least: number) => `At least ${least} characters. A few words make a good one.`,
    firstName: 'First name',
    lastName: 'Last name',
    timezone: 'Time zone',
  },

  organization: {
    name: 'Organization name',
    create: 'Create organization',
    createTitle: 'Create an organization',
    createLead:
      'A place of its own for a team: members, tasks and settings are not shared with your ' +
      'other organizations. You become its administrator.',
  },

  setUp: {
    title: 'Set up Pawl',
    lead: 'This makes your organization and its first administrator: you.',
    code: 'Set-up code',
    noCode:
      'Open the one-time link that the server printed when it started, or paste the code from ' +
      'it here.',
    action: 'Create and sign in',
    doneTitle: 'Pawl is set up',
    doneText: 'Somebody has finished this step already. Sign in with the account made then.',
  },

  signIn: {
    title: 'Sign in',
    lead: 'Welcome back.',
    stay: 'Keep me signed in',
    stayHint: 'For 30 days, on this browser only.',
    action: 'Sign in',
    again: 'Sign in again',
    locked: (seconds: number) => `Try again in ${plural(seconds, 'second', 'seconds')}`,
  },

  signOut: {
    action: 'Sign out',
    title: 'Sign out?',
    text:
      'This ends your session in this browser and deletes your personal access token. Named ' +
      'tokens keep working.',
    warning: 'Something uses your personal access token.',
    usedBy: (client: string) => `It was last used by ${client}`,
    consequence:
      'Signing out deletes the token, and whatever uses it will be refused with 401. A named ' +
      'token keeps working after you sign out.',
    makeNamed: 'Make a named token instead',
    anyway: 'Sign out anyway',
    doneTitle: 'You are signed out',
    doneText: 'Your session and your personal access token are gone. Named tokens keep working.',
  },

  keys: {
    title: 'Keyboard shortcuts',
    switch: 'Use single-key shortcuts',
    switchHint: 'Switch them off if your keyboard or dictation sends letters by itself.',
    list: [
      [['c'], 'New task'],
      [['g', 't'], 'Go to Tasks'],
      [['g', 's'], 'Go to Settings'],
      [['j'], 'Next task'],
      [['k'], 'Previous task'],
      [['Enter'], 'Open the task'],
      [['e'], 'Complete the task'],
      [['Esc'], 'Close'],
      [['Ctrl', 'Enter'], 'Send a form'],
      [['?'], 'This list'],
    ] as [string[], string][],
  },

  tasks: {
    views: 'Views',
    view: {
      mine: 'My tasks',
      everyone: 'Everyone',
      unassigned: 'Unassigned',
      completed: 'Completed',
      archived: 'Archived',
    },
    types: {
      task: 'Task',
      approval: 'Approval',
      expiring: 'Expiring',
      email: 'E-mail draft',
      expiring_email: 'Automatic e-mail',
    },
    group: {
      overdue: 'Overdue',
      today: 'Today',
      week: 'This week',
      later: 'Later',
      none: 'No date',
    },
    empty: {
      mine: {
        title: 'Nothing waiting for you',
        text: 'Tasks appear here the moment they are given to you.',
      },
      everyone: {
        title: 'Nothing is open',
        text: 'Every task in this organization is done, or none was made yet.',
      },
      unassigned: {
        title: 'Everything has an owner',
        text: 'Tasks that nobody is responsible for would show here.',
      },
      completed: {
        title: 'Nothing completed yet',
        text: 'Completed tasks are kept here, and can be reopened.',
      },
      archived: {
        title: 'The archive is empty',
        text: 'Archived tasks wait here until somebody restores them.',
      },
    },
    count: (n: number) => plural(n, 'task', 'tasks'),
    range: (from: number, to: number, total: number) =>
      `${from}–${to} of ${plural(total, 'task', 'tasks')}`,
    hidden: (n: number) => `${plural(n, 'task', 'tasks')} hidden by filters.`,
    noMatch: 'No task matches',
    create: 'Create a task',
    details: 'Task details',
    notShown: 'This task cannot be shown',
    backToList: 'Back to the list',

    complete: 'Complete',
    acknowledge: 'Acknowledge',
    approve: 'Approve',
    reject: 'Reject',
    reopen: 'Reopen',
    archive: 'Archive',
    restore: 'Restore',
    duplicate: 'Duplicate',
    deleteForGood: 'Delete for good',
    deleteWarning: 'This cannot be undone. The task and everything on it will be gone:',
    typeTitle: 'Type the title of the task to confirm',
    completeIt: (title: string) => `Complete ${named(title)}`,
    acknowledgeIt: (title: string) => `Acknowledge ${named(title)}`,
    decideOn: (title: string) => `Approve or reject ${named(title)}`,
    reopenIt: (title: string) => `Reopen ${named(title)}`,

    completed: (title: string) => `Completed ${named(title)}`,
    acknowledged: (title: string) => `Acknowledged ${named(title)}`,
    approved: (title: string) => `Approved ${named(title)}`,
    rejected: (title: string) => `Rejected ${named(title)}`,
    partDone: (title: string, done: number, of: number) =>
      `Your part of ${named(title)} is done: ${done} of ${of}`,
    reopened: (title: string) => `Reopened ${named(title)}`,
    archivedNow: (title: string) => `Archived ${named(title)}`,
    restored: (title: string) => `Restored ${named(title)}`,
    cloned: (title: string) => `Duplicated as ${named(title)}`,
    deleted: (title: string) => `Deleted ${named(title)}`,
    notChanged: (title: string, why: string) => `${named(title)} was not changed. ${why}`,

    isOpen: 'Open',
    isOverdue: 'Overdue',
    isCompleted: 'Completed',
    isArchived: 'Archived',
    isApproved: 'Approved',
    isRejected: 'Rejected',
    hasIssue: 'Issue open',
    partsDone: (done: number, of: number) => `${done} of ${of} done`,
    partIsDone: 'Done',
    partIsOpen: 'Waiting',
    yourPartDone: 'You have done your part. The task closes when everyone has.',
    blocked:
      'This cannot be completed yet: a required field, a checklist or an open issue is in the ' +
      'way.',
    notYours: 'Only its assignees can complete this task.',

    due: 'Due',
    assignees: 'Assigned to',
    type: 'Type',
    created: 'Created by',
    completedBy: 'Completed by',
    noSummary: 'No instructions yet.',
    nobody: 'Nobody',
    someone: 'Somebody',
    you: '(you)',
    assignedTo: (names: string) => `Assigned to ${names}`,
  },

  filters: {
    label: 'Filter tasks',
    search: 'Search tasks',
    state: 'State',
    anyState: 'Any state',
    states: { overdue: 'Overdue', due_soon: 'Due soon', hasproblem: 'With an issue' },
    who: 'Assigned to',
    anyone: 'Anyone',
    sort: 'Sort',
    sorts: {
      deadline: 'By due date',
      newest: 'Newest first',
      title: 'By title',
      completed_newest: 'Recently completed',
    },
    active: 'Active filters',
    chipText: (text: string) => `Contains ${named(text)}`,
    remove: (what: string) => `Remove filter: ${what}`,
  },

  taskForm: {
    newTitle: 'New task',
    editTitle: 'Edit task',
    title: 'Title',
    type: 'Type',
    assignees: 'Assignees',
    chosen: (n: number) => (n ? `${n} chosen` : 'choose at least one'),
    findPerson: 'Find a person',
    noPerson: 'Nobody by that name.',
    deadline: 'Deadline',
    today: 'Today',
    tomorrow: 'Tomorrow',
    nextWeek: 'In a week',
    description: 'Description',
    everyone: 'Everyone must complete',
    everyoneHint: 'The task stays open until each assignee has done their part.',
    action: 'Create task',
    created: (title: string) => `Created ${named(title)}`,
    saved: 'Task saved',
  },

  settings: {
    personal: 'Personal',
    integrations: 'Integrations',
    profile: 'Profile',
    restApi: 'REST API',
    applications: 'Applications',
    adminsOnly: 'Only administrators manage applications. Ask one of yours.',
  },

  profile: {
    about: 'About you',
    signedInAs: (email: string) => `You sign in as ${email}.`,
    saved: 'Profile saved',
    appearance: 'Appearance and keyboard',
    changePassword: 'Change password',
    passwordEffect: 'Your sessions in other browsers end. Access tokens keep working.',
    currentPassword: 'Current password',
    newPassword: 'New password',
    repeatPassword: 'New password again',
    passwordChanged: 'Password changed',
  },

  restApi: {
    title: 'REST API',
    lead: 'Your scripts can do what this app does: both call the same API.',
    where: 'Your first request',
    baseUrl: 'Base URL',
    orgId: 'Organization ID',
    orgIdHint: (name: string) => `of ${name}`,
    request: 'Ready to run',
    requestHint:
      'Lists the tasks assigned to you. All three headers are needed: without X-Tallyfy-Client ' +
      'the answer is 401.',
    language: 'Language',
    runWith: 'Run with',
    commands: {
      curl: 'sh request.sh',
      javascript: 'node request.mjs',
      python: 'python3 request.py',
      java: 'java Request.java',
      go: 'go run request.go',
      cpp: 'c++ request.cpp -lcurl -o request && ./request',
      csharp: 'dotnet run request.cs',
      c: 'cc request.c -lcurl -o request && ./request',
    },
    filled: 'Your token is filled in. Do not share this, and do not commit it.',
    notFilled: 'Reveal your personal token or create a named one, and it is filled in here.',
    personal: 'Personal token',
    lightOnly:
      'Light members cannot use API tokens. An administrator can make you a standard member if ' +
      'you need one.',
    deleteAll: 'Delete all active tokens',
    deleteAllText:
      'If a token may have leaked and you do not know which: this ends them all at once. You ' +
      'stay signed in here.',
    deleteAllQuestion: 'Delete all your tokens?',
    deleteAllWarning:
      'Your personal token, every named token and every token that an application holds for ' +
      'you stop working at once. Whatever uses them is refused with 401. This cannot be ' +
      'undone.',
    allDeleted: 'All tokens deleted. A new personal token is ready.',
  },

  personal: {
    what:
      'Acts as you, with your permissions, in every organization you belong to. Good for ' +
      'trying things out.',
    signOutRule:
      'Signing out of this web app deletes this token, and everything that uses it stops ' +
      'working. Use a named token for anything that should keep running.',
    reveal: 'Reveal',
    replace: 'Replace',
    replaced: 'The old token no longer works. This is the new one.',
    dialogs: {
      reveal: {
        title: 'Reveal your personal token',
        text: 'Enter your password, so that somebody at your open screen cannot take the token.',
        action: 'Reveal',
      },
      replace: {
        title: 'Replace your personal token',
        text: 'You get a new token, and the old one stops working at once.',
        action: 'Replace',
      },
    },
  },

  tokens: {
    name: 'Name',
    scopes: 'Scopes',
    created: 'Created',
    expires: 'Expires',
    expired: 'Expired',
    untilRevoked: 'When revoked',
    lastUsed: 'Last used',
    neverUsed: 'Never used',
    usedBy: (client: string) => `by ${client}`,
    shownOnce: 'Copy this token now. It is shown this once, and cannot be shown again.',
    test: 'Test it',
    tested: (status: number, total: number | null, milliseconds: number) =>
      status === 200
        ? `It works: ${plural(total ?? 0, 'task', 'tasks')} in ${milliseconds} ms`
        : status === 403
          ? 'The token is valid, but its scopes do not allow reading tasks'
          : 'The server refused it',
  },

  scopes: {
    full: 'Full access',
    fullHint: 'Everything you can do yourself.',
    limited: 'Only what I choose',
    limitedHint: 'Safer: a leaked token can do no more than this.',
    areas: {
      account: 'Account',
      organization: 'Organization',
      users: 'Members',
      tasks: 'Tasks',
    },
    levels: { none: 'No access', read: 'Read', write: 'Read and write' },
    admin: 'Administration',
    adminHint: 'Manage tokens and applications.',
  },

  named: {
    title: 'Named tokens',
    what: 'For scripts and integrations. They keep working after you sign out.',
    empty:
      'No tokens yet. Create one for each script, so you can revoke one without breaking the ' +
      'rest.',
    create: 'Create token',
    createdTitle: 'Your new token',
    nameHint: 'What will use it? “Nightly export”, for example.',
    lastDay: 'Last day',
    expiries: {
      '30': 'In 30 days',
      '90': 'In 90 days',
      '365': 'In a year',
      date: 'On a date …',
      never: 'Never, until revoked',
    },
    actionsFor: (name: string) => `Actions for ${name}`,
    rename: 'Rename',
    renameTitle: (name: string) => `Rename ${named(name)}`,
    rotate: 'Rotate',
    rotateTitle: (name: string) => `Rotate ${named(name)}`,
    rotateText:
      'You get a new value with the same name, scopes and expiry. The old value can go on ' +
      'working for a while, so that you can change it where it is used.',
    overlap: 'The old value works for',
    overlaps: {
      '0': 'No longer: it ends now',
      '3600': 'One more hour',
      '86400': 'One more day',
      '604800': 'One more week',
    },
    revoke: 'Revoke',
    revokeTitle: (name: string) => `Revoke ${named(name)}?`,
    revokeText: 'It stops working at once, for good. Whatever still uses it is refused with 401.',
    revoked: (name: string) => `Revoked ${named(name)}`,
  },

  connected: {
    title: 'Connected applications',
    what: 'Tokens that applications hold to act for you.',
    application: 'Application',
  },

  applications: {
    title: 'Applications',
    lead:
      'OAuth applications of this organization. An application signs in with its own ID and ' +
      'secret, so it does not depend on anybody staying signed in.',
    create: 'Register application',
    emptyTitle: 'No applications yet',
    emptyText: 'Register an application to let it act for many people.',
    clientId: 'Client ID',
    secret: 'Client secret',
    shownOnce: 'Copy this secret now. It is shown this once, and cannot be shown again.',
    grants: 'Grants',
    grantHints: {
      client_credentials: 'The application acts as itself. The usual choice for server to server.',
      password: 'Trades a member’s e-mail and password for a token. For old clients only.',
      refresh_token: 'Renews its tokens without asking again.',
    },
    redirects: 'Redirect addresses',
    redirectsHint:
      'One per line. Leave empty if the application never sends people here to sign in.',
    header: 'Client header',
    headerNotNeeded: 'Not required',
    requireHeader: 'Require X-Tallyfy-Client',
    requireHeaderHint: 'Switch off only for a client that cannot send this header.',
    newSecret: 'New secret',
    newSecretText: (name: string) =>
      `The current secret of ${named(name)} stops working at once. ` +
      'Tokens it already has stay valid.',
    delete: 'Delete',
    deleteTitle: (name: string) => `Delete ${named(name)}?`,
    deleteText: 'Its secret and all its tokens stop working at once, for good.',
    deleted: (name: string) => `Deleted ${named(name)}`,
  },
};
