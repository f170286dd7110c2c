// A real browser looking at the real server.
//
//   const { pawl, browser } = await withBrowser({ pawl: await startServer() });
//   const page = await browser.open(pawl, { person });     signed in, unless nobody is given
//   await page.goto(`/${org.id}/tasks`);
//   await page.finish();            closes it, and fails if the page misbehaved on the way
//
// Nothing here sleeps: Playwright waits until what is asked for is there.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { PASSWORD } from '../harness.js';

// Debian's build. What it would do on its own towards other hosts is switched off.
const CHROMIUM = process.env.PAWL_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Root has no user namespace to put the sandbox into; the only pages are our own.
  ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
];

const TIMEOUT = 30_000;

export const DESKTOP = { width: 1280, height: 860 };
export const PHONE = { width: 320, height: 640 };

export async function startBrowser() {
  const chrome = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

  return {
    // A page in a browser profile of its own. It asks nothing of other hosts than `elsewhere`.
    async open(pawl, { person, viewport = DESKTOP, colorScheme = 'light', elsewhere } = {}) {
      const context = await chrome.newContext({
        baseURL: pawl.url,
        colorScheme,
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
        timezoneId: 'Europe/Berlin',
        viewport,
      });
      context.setDefaultTimeout(TIMEOUT);
      const hosts = [pawl.url, elsewhere].filter(Boolean).map((url) => new URL(url).origin);
      const page = watched(await context.newPage(), hosts);
      if (person) await renewSession(page, pawl, person);
      return page;
    },
    stop: () => chrome.close(),
  };
}

// What a test file has started, with a browser for it. All of it ends with the file.
export async function withBrowser({ pawl, box, ...rest }) {
  let browser;

  after(async () => {
    await browser?.stop();
    await pawl.stop();
    await box?.stop();
  });
  browser = await startBrowser();
  return { pawl, box, ...rest, browser };
}

// Gives the page's browser a new session, as signing in in another tab does.
export async function renewSession(page, pawl, person) {
  const [name, value] = (await pawl.session(person)).cookie.split('=');
  await page.context().addCookies([{ name, value, url: pawl.url }]);
}

// Adds `finish` to a page: no script of ours may fail, nothing may be asked of another host, and
// the content policy may have had nothing to refuse.
function watched(page, hosts) {
  const problems = [];

  page.on('pageerror', (error) => problems.push(`script error: ${error.stack}`));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!hosts.includes(url.origin)) problems.push(`asked another host: ${url.href}`);
  });
  page.finish = async () => {
    await page.context().close();
    assert.deepEqual(problems, []);
  };
  return page;
}

// Fills in the sign-in form as a person does.
export async function signIn(page, person, { password = PASSWORD } = {}) {
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function openAccountMenu(page) {
  await page.getByRole('button', { name: 'Your account' }).click();
}

// The line of a task in the list.
export const line = (page, title) => page.getByRole('listitem').filter({ hasText: title });

// Waits until the page is at a path, or at one that matches.
export const at = (page, path) =>
  page.waitForURL((url) =>
    typeof path === 'string' ? url.pathname === path : path.test(url.pathname + url.search));

const GRAVE = new Set(['serious', 'critical']);

// No violation that would keep somebody from using what is on the screen now.
export async function assertAccessible(page, where) {
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
  const { violations } = await page.evaluate(
    `${axe.source}; axe.run({ resultTypes: ['violations'] })`,
  );
  const grave = violations
    .filter(({ impact }) => GRAVE.has(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  assert.deepEqual(grave, [], where);
}

// Nothing is wider than the screen.
export async function assertFits(page, where) {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
  ]);
  assert.ok(content <= screen, `${where}: ${content} px on a screen of ${screen}`);
}

// Presses Tab until what is wanted has the focus.
export async function tabTo(page, locator, most = 60) {
  for (let i = 0; i < most; i++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${locator}`);
}
