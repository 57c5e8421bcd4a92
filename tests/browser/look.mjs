// Looks at pages as people do, in Debian's Chromium: on a phone and at a desk, in both languages.
//
//     node look.mjs FOLDER
//
// FOLDER has `node_modules`. The first line of standard input says in JSON what is asked:
//
//     base         address of the server
//     cookies      session of each person, by a name of ours; `nobody` has none
//     pages        name, who, path; fill: values by the name of a field; press: a selector; shoot: of which a picture is kept, as `phone-zh`
//     screenshots  folder for the pictures, or nothing
//
// It prints one line of JSON: how many looks there were, and what was found wrong. It ends by itself.

import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const folder = resolve(process.argv[2]);
const require = createRequire(join(folder, 'index.js'));
const { chromium } = require('playwright-core');
const { HtmlValidate } = require('html-validate');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const line = await new Promise((done) => createInterface({ input: process.stdin }).once('line', done));
const { base, cookies, pages, screenshots } = JSON.parse(line);

// What makes a page invalid, and no house style of others: how attributes are quoted, or that `</p>` may be left out.
const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    'long-title': 'off',
    // The codes of countries' pages, `aria-label` on what has a role, and `tel:` links are fine as they are.
    'no-inline-style': 'error',
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': 'off',
    'void-style': 'off',
    'doctype-style': 'off',
    // A noscript stands beside what it explains.
    'no-unknown-elements': 'error',
  },
});

const screens = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };
const program = process.env.CHENGXIN_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const wrong = [];
let looks = 0;

async function visit(context, page, asked, language) {
  const query = language === 'en' ? '?lang=en' : '';
  const joint = asked.path.includes('?') ? '&lang=en' : query;
  const response = await page.goto(base + asked.path + (language === 'en' ? joint : ''), { waitUntil: 'load' });
  let html = await response.text();
  if (asked.fill || asked.press) {
    for (const [name, value] of Object.entries(asked.fill ?? {})) {
      const field = page.locator(`[name="${name}"]`);
      const kind = await field.first().evaluate((f) => f.type);
      if (kind === 'radio' || kind === 'checkbox') await page.locator(`[name="${name}"][value="${value}"]`).check();
      else if (kind === 'select-one') await field.selectOption(value);
      else if (kind === 'file') await field.setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(value) });
      else await field.fill(value);
    }
    const sent = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await page.locator(asked.press ?? 'main form button').first().click();
    const answer = await sent;
    await page.waitForLoadState('load');
    // Where something is done the reader is sent on, and what they come to is looked at.
    const sentOn = answer.status() >= 300 && answer.status() < 400;
    if (sentOn) html = await (await page.request.get(page.url())).text();
    else html = await answer.text().catch(() => html);
  }
  return html;
}

async function look(context, asked, screen, language) {
  const page = await context.newPage();
  const where = `${asked.name} (${asked.who}, ${screen}, ${language})`;
  const note = (what) => wrong.push(`${where}: ${what}`);
  page.on('console', (message) => {
    // An answer that refuses is logged by the browser as an error; it is what was asked for.
    if (message.type() === 'error' && !/Failed to load resource: .*(4\d\d)/.test(message.text())) note(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`script: ${error.message}`));
  try {
    const html = await visit(context, page, asked, language);
    if (screen === 'desk') {
      const report = await validator.validateString(html);
      for (const message of report.results.flatMap((result) => result.messages)) {
        if (message.severity === 2) note(`html: ${message.ruleId}: ${message.message} (line ${message.line})`);
      }
    }
    await page.evaluate(axe);
    const found = await page.evaluate(() =>
      window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
    );
    for (const violation of found.violations) {
      note(`axe: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (width > 0) note(`it is ${width} pixels wider than the screen`);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, .button, nav a, footer a, input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea, summary')]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
        .map((e) => e.outerHTML.slice(0, 120)),
    );
    for (const target of small.slice(0, 3)) note(`less than 44 pixels high: ${target}`);
    const picture = `${screen}-${language}`;
    if (screenshots && asked.shoot?.includes(picture)) {
      mkdirSync(screenshots, { recursive: true });
      // What is longer says nothing more about how it looks.
      const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 1800);
      const clip = { x: 0, y: 0, width: screens[screen].width, height };
      await page.screenshot({ path: join(screenshots, `${asked.name}-${picture}.png`), fullPage: true, clip });
    }
    looks += 1;
  } catch (error) {
    note(`it could not be looked at: ${error.message.split('\n')[0]}`);
  } finally {
    await page.close();
  }
}

for (const [screen, viewport] of Object.entries(screens)) {
  for (const [who, cookie] of Object.entries({ nobody: '', ...cookies })) {
    for (const language of ['zh', 'en']) {
      const mine = pages.filter((page) => page.who === who && (!page.once || (screen === 'desk' && language === 'zh')));
      if (mine.length === 0) continue;
      const locale = language === 'zh' ? 'zh-CN' : 'en';
      const context = await browser.newContext({ viewport, locale, reducedMotion: 'reduce' });
      context.setDefaultTimeout(10000);
      if (cookie) {
        const [name, value] = cookie.split('=');
        await context.addCookies([{ name, value, url: base.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Lax' }]);
      }
      // Two at a time: what is done by a form is done once, and in its turn.
      const waiting = [...mine];
      const turn = async () => {
        for (let asked = waiting.shift(); asked; asked = waiting.shift()) await look(context, asked, screen, language);
      };
      await Promise.all([turn(), turn()]);
      await context.close();
    }
  }
}

// The screen of a window covers itself; here after a second, since nobody waits for sixty in a test.
const cover = pages.find((page) => page.covers);
if (cover) {
  const context = await browser.newContext({ viewport: screens.desk });
  const [name, value] = cookies[cover.who].split('=');
  await context.addCookies([{ name, value, url: base.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Lax' }]);
  const page = await context.newPage();
  await page.clock.install();
  await visit(context, page, cover, 'zh');
  const covered = () => page.locator('[data-cover]').isVisible();
  if (await covered()) wrong.push('the answer was covered at once');
  await page.clock.runFor(59000);
  if (await covered()) wrong.push('the answer was covered before a minute was over');
  await page.clock.runFor(2000);
  if (!(await covered()) || (await page.locator('article.paper').isVisible())) wrong.push('the answer was not covered after a minute');
  await page.locator('[data-cover] button').click();
  if (!(await page.locator('article.paper').isVisible())) wrong.push('the answer did not come back');
  await context.close();
}

await browser.close();
console.log(JSON.stringify({ looks, wrong: [...new Set(wrong)] }));
