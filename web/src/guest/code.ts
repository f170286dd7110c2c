/* The code in the address. It opens the tasks for everybody who has it, so it is taken out of the
 * address bar and the history before anything else happens, and lives in the memory of this page
 * until the server has given a session for it. */

const LINK = /^\/(?:guest|guest-all-task\/[0-9a-f]{32})\/([0-9A-Za-z]{40})$/;
const PLACE = '/guest/tasks';

/** The code of the link that led here; undefined when the page is opened again without it. */
export function takeCode(): string | undefined {
  const code = LINK.exec(location.pathname)?.[1];
  if (code) history.replaceState(null, '', PLACE);
  return code;
}
