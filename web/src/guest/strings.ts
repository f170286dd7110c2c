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
  pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,

  nothing: {
    title: 'All done.',
    text: 'We will e-mail you if something else comes up.',
  },
  noneDone: {
    title: 'Nothing is done yet.',
    text: 'What you complete is kept here.',
  },

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
    daysHint: 'On which mornings we may mail you what is still to be done.',
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
