/* Every word the app says, in one place, so that it can be said in another language.
 * Words of the product, not of the API: task, member, organization. */

import type { TestResult } from './api';

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
  range: (from: number, to: number, total: number) => `${from}–${to} of ${total}`,
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
    forgotten: 'Forgotten password?',
    register: 'Create an account',
    codeTitle: 'Enter your code',
    recoveryTitle: 'Enter a recovery code',
    codeLead: 'Your account has a second factor.',
    code: 'Code',
    codeHint: 'Six digits, from your authenticator app.',
    recoveryCode: 'Recovery code',
    recoveryCodeHint: 'One of the ten you kept when you set up the second factor. It works once.',
    useRecoveryCode: 'Use a recovery code instead',
    useApp: 'Use the authenticator app instead',
    startAgain: 'Start again',
  },

  signOut: {
    action: 'Sign out',
    title: 'Sign out?',
    text:
      'This ends your session in this browser and deletes your personal access token. Named ' +
      'tokens keep working.',
    textKept: 'This ends your session in this browser. Your access tokens keep working.',
    warning: 'Something uses your personal access token.',
    usedBy: (client: string) => `It was last used by ${client}`,
    consequence:
      'Signing out deletes the token, and whatever uses it will be refused with 401. A named ' +
      'token keeps working after you sign out.',
    makeNamed: 'Make a named token instead',
    anyway: 'Sign out anyway',
    everywhere: 'Sign out everywhere',
    everywhereText:
      'Or end your sessions in every browser, for a lost device or one that behaves oddly.',
    doneTitle: 'You are signed out',
    doneText: 'Your session has ended. Named tokens keep working.',
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
    yourPart: (title: string) => `Your part of ${named(title)} is done`,
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
    percentDone: (percent: number) => `${Math.round(percent)} % done`,
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
    guest: 'Guest',
    isGroup: 'Group',
    aGroup: 'A group',
    someone: 'Somebody',
    gone: 'Somebody who is gone',
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
    security: 'Security',
    connected: 'Connected applications',
    organization: 'Organization',
    tokens: 'Tokens',
    mail: 'Mail',
    activity: 'Activity',
    adminsOnly: 'Only administrators see this page. Ask one of yours.',
  },

  profile: {
    about: 'About you',
    signedInAs: (email: string) => `You sign in as ${email}.`,
    saved: 'Profile saved',
    appearance: 'Appearance and keyboard',
  },

  security: {
    changePassword: 'Change password',
    passwordEffect: 'Your sessions in other browsers end. Access tokens keep working.',
    currentPassword: 'Current password',
    newPassword: 'New password',
    repeatPassword: 'New password again',
    passwordChanged: 'Password changed',
    yourPassword: 'Your password',

    email: 'E-mail address',
    emailNow: (email: string) => `You sign in as ${email}.`,
    newEmail: 'New e-mail address',
    changeEmail: 'Send a link there',
    changeAgain: 'Change to another address',
    emailPending: (email: string) => `Waiting for ${email}`,
    emailPendingText:
      'Open the link in the mail that went there, and the address changes. Until then you sign ' +
      'in with the old one.',

    factor: 'Second factor',
    factorText:
      'Signing in then asks for a code from an app on your phone as well, so that your password ' +
      'alone is of no use to a thief.',
    factorOn: 'On',
    factorOff: 'Off',
    codesLeft: 'Recovery codes left',
    codesOf: (left: number, all: number) => `${left} of ${all}`,
    codesFew: 'Make new ones before they run out: without your phone they are the only way in.',
    turnOn: 'Turn on',
    turnOnTitle: 'Turn on the second factor',
    turnOnText: 'First your password, so that nobody at your open screen can do this.',
    turnOff: 'Turn off',
    turnOffTitle: 'Turn off the second factor?',
    turnOffText:
      'Your password alone will be enough to sign in, and your recovery codes stop working.',
    turnedOff: 'The second factor is off',
    newCodes: 'New recovery codes',
    newCodesText: 'You get ten new codes, and the old ones stop working.',
    continue: 'Continue',
    scan:
      'Scan this with an authenticator app on your phone, such as Aegis, 2FAS or Google ' +
      'Authenticator.',
    qrCode: 'QR code with the secret for your authenticator app',
    openInApp: 'Open in an app on this device',
    typeSecret: 'Or type this secret into the app',
    secret: 'Secret',
    code: 'Code from the app',
    codeHint: 'Six digits. The app shows new ones every 30 seconds.',
    confirm: 'Confirm and turn on',
    codesTitle: 'Your recovery codes',
    codesText:
      'Keep these where you would keep a key, and not on the phone. Each opens your account ' +
      'once, when the phone is lost. They are shown this once, and cannot be shown again.',
    codes: 'Recovery codes',
    download: 'Download',
    downloadName: 'pawl-recovery-codes.txt',
    downloadHead: (email: string, origin: string) =>
      `Recovery codes for ${email} at ${origin}\nEach works once.\n`,

    sessions: 'Where you are signed in',
    sessionsText: 'End what you do not know, then change your password.',
    device: 'Device',
    address: 'Address',
    lastSeen: 'Last seen',
    signedIn: 'Signed in',
    thisOne: 'This one',
    end: 'End',
    endOn: (device: string) => `End the session: ${device}`,
    endTitle: 'End this session?',
    endText: (device: string, address: string | null) =>
      `${device}${address ? ` at ${address}` : ''} will have to sign in again.`,
    ended: (device: string) => `Ended the session: ${device}`,
    everywhere: 'Sign out everywhere',
    everywhereTitle: 'Sign out everywhere?',
    everywhereText: 'Every session ends, this one included. You will have to sign in again.',
    everywhereToken:
      'Your personal access token ends too, and whatever uses it is refused with 401. Named ' +
      'tokens keep working.',
    everywhereKept: 'Your access tokens keep working.',
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
    kept:
      'An administrator has chosen that signing out leaves this token alone: it works until you ' +
      'replace it or it expires.',
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
    calls: (calls: number) => `${plural(calls, 'call', 'calls')} in 7 days`,
    onlyIn: (organization: string) => `Only in ${organization}`,
    onlyFrom: (addresses: string) => `Only from ${addresses}`,
    anotherOrganization: 'another organization',
    shownOnce: 'Copy this token now. It is shown this once, and cannot be shown again.',
    test: 'Test it',
    tested: ({ status, code, total, milliseconds }: TestResult) => {
      if (status === 200)
        return `It works: ${plural(total ?? 0, 'task', 'tasks')} in ${milliseconds} ms`;
      if (code === 'ADDRESS_NOT_ALLOWED')
        return 'The token is valid, but not from the address that you have now';
      if (status === 403)
        return 'The token is valid, but its scopes do not allow reading tasks';
      return 'The server refused it';
    },
  },

  scopes: {
    full: 'Full access',
    fullHint: 'Everything you can do yourself.',
    limited: 'Only what I choose',
    limitedHint: 'Safer: a leaked token can do no more than this.',
    area: 'Area',
    /* What an area holds, and what may be done there, in the words of the consent page. */
    areas: {
      account: {
        name: 'Account',
        what: 'Your name, time zone and organizations',
        read: 'See your profile',
        write: 'Change your profile',
      },
      organization: {
        name: 'Organization',
        what: 'Its name, address and settings',
        read: 'See the organization',
        write: 'Change the organization',
      },
      users: {
        name: 'Members',
        what: 'Members, guests and groups',
        read: 'See people',
        write: 'Manage people',
      },
      tasks: {
        name: 'Tasks',
        what: 'Tasks and comments on them',
        read: 'See tasks',
        write: 'Work on tasks',
      },
      processes: {
        name: 'Processes',
        what: 'Running processes',
        read: 'See processes',
        write: 'Run processes',
      },
      templates: {
        name: 'Templates',
        what: 'Templates and their steps',
        read: 'See templates',
        write: 'Edit templates',
      },
      forms: {
        name: 'Forms',
        what: 'Form fields and their answers',
        read: 'See forms',
        write: 'Fill in forms',
      },
      automation: {
        name: 'Automation',
        what: 'Rules and webhooks',
        read: 'See automations',
        write: 'Edit automations',
      },
    },
    levels: { none: 'None', read: 'Read', write: 'Write' },
    levelsHint: 'Writing includes reading.',
    levelOf: (area: string, level: string) => `${area}: ${level}`,
    admin: 'Administration',
    adminHint: 'Manage tokens, applications and mail. Only for administrators.',
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
    policy: (days: number) =>
      `An administrator has limited named tokens to ${plural(days, 'day', 'days')}.`,
    where: 'Where it works',
    everywhere: 'In all my organizations',
    limits: 'Limits (optional)',
    addresses: 'Only from these addresses',
    addressesHint: 'One per line, such as 192.0.2.7 or 2001:db8::/32. Empty: from anywhere.',
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
      '2592000': '30 more days',
    },
    revoke: 'Revoke',
    revokeTitle: (name: string) => `Revoke ${named(name)}?`,
    revokeText: 'It stops working at once, for good. Whatever still uses it is refused with 401.',
    revoked: (name: string) => `Revoked ${named(name)}`,
  },

  connected: {
    title: 'Connected applications',
    what: 'Applications that you have allowed to act for you.',
    application: 'Application',
    revokeFrom: (name: string) => `Revoke ${named(name)}`,
    may: 'It may',
    where: 'Where',
    everywhere: 'In all your organizations',
    emptyTitle: 'Nothing is connected',
    emptyText: 'An application that you allow to act for you is listed here, and can be ended.',
    revokeText:
      'It is refused from now on, and has to ask you again. What it did for you stays.',
  },

  applications: {
    title: 'Applications',
    lead:
      'OAuth applications of this organization: programs that act for its members, or as ' +
      'themselves.',
    create: 'Register application',
    emptyTitle: 'No applications yet',
    emptyText: 'Register an application to let it act for many people.',
    application: 'Application',
    kind: 'Kind',
    kinds: {
      confidential: 'Confidential',
      public: 'Public',
    },
    kindHints: {
      confidential: 'Runs on a server of its own and can keep a secret.',
      public: 'Runs where people can look into it: a browser, a phone, a command line. No secret.',
    },
    clientId: 'Client ID',
    secret: 'Client secret',
    secretMade: 'Made',
    twoSecrets: 'Two secrets work now. The one before works until',
    endOldSecret: 'End the old secret now',
    oldSecretEnded: 'The old secret has ended',
    shownOnce: 'Copy this secret now. It is shown this once, and cannot be shown again.',
    access: 'Access',
    grants: 'How it gets access',
    grantWords: {
      authorization_code: 'People allow it',
      refresh_token: 'It stays connected',
      client_credentials: 'It acts as itself',
      device_code: 'People allow it from another device',
      implicit: 'Token in the address',
      password: 'Password of a member',
    },
    grantHints: {
      authorization_code:
        'They sign in here, see what it wants, and allow it. Needs a redirect address.',
      refresh_token: 'Renews its access without asking again.',
      client_credentials: 'Server to server: nobody signs in.',
      device_code: 'For command lines and devices without a keyboard: a short code is typed here.',
      implicit: 'For clients made before PKCE. The token can leak through the browser.',
      password:
        'Trades a member’s e-mail and password for a token. Refused for accounts with a second ' +
        'factor.',
    },
    old: 'Old, off by default',
    redirects: 'Redirect addresses',
    redirectsHint:
      'Where people return after they have allowed it: one per line, exactly as it is used.',
    noRedirects: 'None',
    may: 'What it may ask for',
    mayAll: 'Anything its users can do themselves',
    mayAllHint: 'Each person still sees what it asks for, and allows it or not.',
    mayHint: 'It can never get more than this, whoever allows it.',
    header: 'Client header',
    requireHeader: 'Require X-Tallyfy-Client',
    requireHeaderHint: 'Switch off only for a client that cannot send this header.',
    headerNeeded: 'Required',
    headerNotNeeded: 'Not required',
    settings: 'Settings',
    saved: 'Application saved',
    newSecret: 'New secret',
    newSecretText:
      'The secret in use can go on working for a while, so that you can change it where it is ' +
      'used. Tokens it already has stay valid.',
    overlap: 'The secret in use works for',
    users: 'People who allowed it',
    usersEmpty: 'Nobody has allowed it to act for them yet.',
    person: 'Person',
    since: 'Since',
    revokeTitle: (name: string) => `End the access for ${name}?`,
    revokeText: 'It is refused for this person from now on, and has to ask again.',
    revoked: (name: string) => `Ended the access for ${name}`,
    delete: 'Delete application',
    deleteTitle: (name: string) => `Delete ${named(name)}?`,
    deleteText: 'Its secret and all its tokens stop working at once, for good.',
    deleted: (name: string) => `Deleted ${named(name)}`,
  },

  organizationTokens: {
    title: 'Tokens',
    lead:
      'What can act in this organization, and for how long. The tokens themselves are never ' +
      'shown.',
    policy: 'Policy',
    maxDays: 'Longest life of a named token, in days',
    maxDaysHint: '0: as long as its owner likes. Tokens that exist keep their end.',
    keep: 'Keep the personal token when its owner signs out',
    keepHint:
      'Otherwise signing out deletes it. Applies to all members, wherever else they are members.',
    saved: 'Policy saved',
    all: 'All tokens',
    empty: 'Nobody has a token.',
    owner: 'Owner',
    token: 'Token',
    application: 'Application',
    kinds: {
      personal: 'Personal token',
      named: 'Named token',
      application: 'Application',
      minted: 'Made by an application',
      password: 'Password of a member',
      authorized: 'Allowed application',
      mcp: 'AI assistant',
      exchanged: 'AI assistant',
    },
    elsewhere: 'Only its owner can revoke it',
    revokeText: (owner: string) =>
      `It stops working at once, for good, and ${owner} is not asked.`,
  },

  mail: {
    title: 'Mail',
    lead: 'What this server has sent to members, and what still waits.',
    off: 'No mail server is set up, so nothing is sent.',
    offText:
      'Mail waits here instead: open one to read it and pass its link on yourself. To have mail ' +
      'sent, start the server with these settings:',
    settings:
      'PAWL_SMTP_URL=smtp://mail.example.com:587\n' +
      'PAWL_SMTP_USER=pawl\n' +
      'PAWL_SMTP_PASSWORD=…\n' +
      'PAWL_MAIL_FROM=pawl@example.com',
    settingsLabel: 'Settings',
    settingsIn: 'environment of',
    test: 'Send a test to me',
    tested: (email: string) => `A test mail is on its way to ${email}`,
    testedOff: 'A test mail waits below',
    mail: 'Mail',
    to: 'To',
    state: 'State',
    when: 'When',
    states: { waiting: 'Waiting', sent: 'Sent', failed: 'Failed', expired: 'Out of date' },
    attempts: (n: number) => plural(n, 'attempt', 'attempts'),
    nextAt: 'next try',
    kinds: {
      verify: 'Confirm an address',
      already_registered: 'Has an account already',
      reset: 'New password',
      password_changed: 'Password changed',
      email_confirm: 'Confirm a new address',
      email_changed: 'Address changed',
      invitation: 'Invitation',
      second_factor_on: 'Second factor on',
      second_factor_off: 'Second factor off',
      recovery_codes_made: 'New recovery codes',
      token_expiring: 'A token ends soon',
      test: 'Test',
    } as Record<string, string>,
    open: 'Open',
    openIt: (subject: string) => `Open ${named(subject)}`,
    retry: 'Try again',
    retryIt: (subject: string) => `Try again: ${named(subject)}`,
    retried: 'It is tried again now',
    link: 'Link',
    linkHint: 'Whoever has this link can use it: give it to nobody but its recipient.',
    gone: 'What it said is no longer kept, or is for the operator of this server alone to read.',
    emptyTitle: 'No mail yet',
    emptyText: 'Invitations, links and notices to members are listed here.',
  },

  activity: {
    title: 'Activity',
    lead: 'Who did what in this organization.',
    leadOwn: 'What you did in this organization.',
    filter: 'Filter the activity',
    person: 'Person',
    anyone: 'Anyone',
    kind: 'Kind',
    anything: 'Anything',
    kinds: {
      Task: 'Tasks',
      User: 'People and accounts',
      Organization: 'The organization',
      Token: 'Tokens',
      Application: 'Applications',
      Mail: 'Mail',
    },
    from: 'From',
    to: 'To',
    empty: 'Nothing in this period.',
  },
};
