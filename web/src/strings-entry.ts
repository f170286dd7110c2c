/* The words of the pages outside an organization, which are fetched with those pages. */

export const entry = {
  back: 'Back to sign-in',
  goOn: 'Go on',
  backTo: (place: string) => `Back to ${place}`,

  account: {
    signedInAs: 'Signed in as',
    notYou: 'Not you? Use another account',
    switchLead: (email: string) =>
      `You are signed in as ${email}, and stay so until you sign in as somebody else.`,
  },

  refused: {
    title: 'This cannot be allowed',
    titles: {
      EMAIL_NOT_VERIFIED: 'Confirm your address first',
      NO_ORGANIZATION: 'No organization to connect',
    } as Record<string, string>,
    resend: 'Send the mail again',
    resent: (email: string) => `A new mail is on its way to ${email}. Open the link in it.`,
    verified: 'I have confirmed it',
  },

  consent: {
    title: (name: string) => `Let ${name} act for you?`,
    origins: {
      'built-in': 'Part of Pawl',
      operator: 'Registered by the operator of this server',
      administrator: 'Registered by an administrator',
      registration: 'Unverified',
    },
    unverified:
      'This application registered itself, and nobody has checked who is behind its name. Go on ' +
      'only if you started this yourself and trust it.',
    sendsBackTo: 'Sends you back to',
    organization: 'Which organization?',
    onlyOrganization: 'In your organization',
    permissions: 'What may it do?',
    selectAll: 'Select all',
    selectNone: 'Select none',
    chosen: (chosen: number, of: number) => `${chosen} of ${of} chosen`,
    allowedBefore: 'Allowed before',
    previously: 'You allowed this application before, ',
    previouslyEnd: '. What you choose now replaces that.',
    missing: {
      both: 'Choose an organization and at least one permission.',
      organization: 'Choose an organization.',
      permission: 'Choose at least one permission.',
    },
    revocable: 'You can end this at any time in your settings, under Connected applications.',
    allow: 'Yes, Continue',
    deny: 'Cancel',
  },

  authorize: {
    badTitle: 'This request is not valid',
    badLead:
      'The application that sent you here made a mistake, or somebody else made this link. ' +
      'Nothing was allowed, and you are not sent on.',
    badAdvice: 'If you were setting up an application, its maker needs to know this:',
    leavingTitle: 'Going back',
    leaving: (place: string) => `Your answer is on its way to ${place}.`,
    leavingHint: 'If nothing happens, use the link. You can close this page afterwards.',
  },

  device: {
    title: 'Connect a device',
    lead: 'Enter the code that your device, terminal or application shows.',
    code: 'Code',
    codeHint: 'Eight letters. Dashes, blanks and small letters do not matter.',
    codeShort: 'A code has eight letters.',
    warning:
      'Go on only if you started this yourself, just now. Whoever sent you a code by mail, chat ' +
      'or telephone would get into your account.',
    next: 'Continue',
    sameCode: 'The device must show this code',
    allowedTitle: 'Device connected',
    allowed: (name: string) => `${name} can go on now. You can close this page.`,
    deniedTitle: 'Not connected',
    denied: (name: string) => `${name} was told no. You can close this page.`,
    another: 'Enter another code',
  },

  reset: {
    askTitle: 'Forgotten password',
    askLead: 'Tell us your address, and we mail you a link to choose a new one.',
    ask: 'Mail me a link',
    askedTitle: 'Look at your mail',
    asked: (email: string) =>
      `If there is an account for ${email}, a link to choose a new password is on its way.`,
    askedHint:
      'The link works for 60 minutes, once. Nothing there? Look among unwanted mail, or check ' +
      'the address.',
    again: 'Use another address',
    title: 'Choose a new password',
    lead: 'You will be signed out everywhere, and sign in again with it.',
    newPassword: 'New password',
    repeatPassword: 'New password again',
    endNamed: 'Also end my named tokens',
    endNamedHint:
      'Do this if somebody may have got in. Scripts that use them stop until they have new ones.',
    action: 'Change password',
    doneTitle: 'Password changed',
    done:
      'Every session has ended, your personal access token too. Sign in with the new password.',
    newLink: 'Ask for a new link',
  },

  link: {
    brokenTitle: 'This link does not work',
    missing:
      'Its end is missing. Open the link in the mail itself, or copy the whole of it from there.',
  },

  verify: {
    title: 'Confirm your address',
    lead: 'One click, and we know that mail reaches you here.',
    action: 'Confirm address',
    doneTitle: 'Address confirmed',
    done: 'Thank you. If another page is waiting for this, go back to it now.',
  },

  email: {
    title: 'Change your address',
    lead: 'From now on you sign in with this address, and mail goes here.',
    action: 'Use this address',
    doneTitle: 'Address changed',
    done: 'You sign in with the new address from now on.',
  },

  invitation: {
    title: (organization: string) => `Join ${organization}`,
    by: (name: string, organization: string) => `${name} invites you to ${organization}.`,
    byNobody: (organization: string) => `You are invited to ${organization}.`,
    role: 'Your role',
    roleHints: {
      admin: 'You can do everything, settings and members included.',
      standard: 'You design and run processes.',
      light: 'You do the work that is assigned to you.',
    },
    address: 'Your address',
    action: 'Join',
    signIn: 'Sign in to join',
    signInLead: (email: string) => `You have an account already. Sign in as ${email} to join.`,
    otherAccount: (invited: string, current: string) =>
      `The invitation is for ${invited}, and you are signed in as ${current}.`,
    brokenTitle: 'This invitation does not work',
    brokenAdvice: 'Ask whoever invited you to send it again.',
  },

  register: {
    title: 'Create an account',
    lead: 'For you, and for your team if you like.',
    organizationHint: 'Leave it empty if somebody is going to invite you.',
    action: 'Create account',
    doneTitle: 'Look at your mail',
    done: (email: string) =>
      `We sent a link to ${email}. Open it to confirm your address, then sign in.`,
    haveOne: 'I have an account',
    closedTitle: 'Sign-up is closed',
    closed:
      'Accounts on this server are made by invitation. Ask an administrator of your ' +
      'organization for one.',
  },
};
