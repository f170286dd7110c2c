/* The words of the guests' page. They go to people who do not know this product and never will:
 * no word of its own stands here. */

export const words = {
  title: 'All my tasks',
  pageTitle: (organization: string) => `All my tasks · ${organization}`,
  forYou: 'For',
  open: 'To do',
  done: 'Done',
  due: 'Due',
  doneAt: 'Done',
  together: 'Together with',
  from: 'From',
  pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,

  nothing: {
    title: 'All done.',
    text: 'We will e-mail you if something else comes up.',
  },
  noneDone: {
    title: 'Nothing is done yet.',
    text: 'What is done is kept here.',
  },

  howto:
    'Here you can read what there is for you. You cannot mark it as done here yet, that comes ' +
    'later: until then, tell the people you work with.',
  leave: 'Leave this page',
  keepLink:
    'The link in your mail opens these tasks for everybody who has it. Keep it to yourself.',
  left: {
    title: 'You have left',
    text: 'Your tasks are closed in this browser. The link in your mail opens them again.',
  },

  replaced: {
    title: 'This link was replaced',
    text:
      'There is a newer link to your tasks. Look for it in your mail, or have it sent again to ' +
      'the address that you get our mail at.',
  },
  ended: {
    title: 'Open your link again',
    text:
      'This page was left open for too long, or it was opened without a link. The link is in ' +
      'your mail; we can also send it again to the address that you get our mail at.',
  },
  switchedOff: 'Your access is switched off',
  resend: {
    action: 'Send me my link',
    sent: (email: string) =>
      `If there are tasks for ${email}, a link to them is on its way there. Look at your mail.`,
    again: 'Use another address',
  },

  settings: {
    open: 'Language, time zone and mail',
    title: 'Your settings',
    saved: 'Your settings were saved.',
    language: 'Language',
    languageHint: 'Everything is in English so far. Your choice is kept for when it is not.',
    noLanguage: 'No preference',
    timezone: 'Time zone',
    timezoneHint: 'For what is mailed to you. This page goes by the clock of your device.',
    asOrganization: (zone: string) => `As the organization has it (${zone})`,
    days: 'Summary by mail',
    daysHint:
      'On which mornings we may mail you what is still to be done. No summaries are sent so far; ' +
      'your choice is kept for when they are.',
    ownDays: 'Choose the days myself',
    dayNames: {
      Monday: 'Monday',
      Tuesday: 'Tuesday',
      Wednesday: 'Wednesday',
      Thursday: 'Thursday',
      Friday: 'Friday',
      Saturday: 'Saturday',
      Sunday: 'Sunday',
    } as Record<string, string>,
  },
};
