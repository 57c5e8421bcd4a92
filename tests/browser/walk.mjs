// Goes the ways that people go, in Debian's Chromium, from page to page by what each shows.
//
//     node walk.mjs FOLDER
//
// FOLDER has `node_modules`. The first line of standard input says in JSON what is asked:
//
//     base      address of the server
//     cookies   session of each person, by a name of ours
//     keys      login, password and digits by which the resident signs in again
//     typist    login, password and digits of another resident, who has no pointer
//     file      a file of which one row is refused for its date
//     person    name and number of the resident, as they show them at a window
//     late      number of an objection that its office has not answered in time
//     look      width and height of the screen, and the language of the pages: zh or en
//     texts     what the pages say in that language, by the names of the files of texts
//
// It prints one line of JSON: which ways were walked to their end, and what was found wrong on them. It ends by itself.

import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const folder = resolve(process.argv[2]);
const require = createRequire(join(folder, 'index.js'));
const { chromium } = require('playwright-core');

const line = await new Promise((done) => createInterface({ input: process.stdin }).once('line', done));
const { base, cookies, keys, typist, file, person, late, look, texts } = JSON.parse(line);

const program = process.env.CHENGXIN_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
// What a text of the pages is, and what data say in both languages.
const t = (name) => {
  if (!(name in texts)) throw new Error(`there is no text ${name}`);
  return texts[name];
};
const either = (zh, en) => (look.lang === 'en' ? en : zh);
const address = (path) => (look.lang === 'en' ? `${path}${path.includes('?') ? '&' : '?'}lang=en` : path);
const walked = [];
const wrong = [];
// To this name passkeys are bound; what is asked of it is answered by the server.
const NAME = 'https://credit.example';

async function as(who, at = base) {
  const context = await browser.newContext({ viewport: { width: look.width, height: look.height }, hasTouch: look.width < 600, locale: either('zh-CN', 'en-GB'), reducedMotion: 'reduce' });
  context.setDefaultTimeout(15000);
  const [name, value] = cookies[who].split('=');
  await context.addCookies([{ name, value, url: at.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Lax' }]);
  const page = await context.newPage();
  page.on('pageerror', (error) => wrong.push(`${who}: script: ${error.message}`));
  return { context, page, to: (path) => page.goto(at + address(path)) };
}

async function walk(name, way) {
  try {
    await way();
    walked.push(name);
  } catch (error) {
    wrong.push(`${name}: ${error.message.split('\n').slice(0, 4).join(' | ')}`);
  }
}

function must(holds, what) {
  if (!holds) throw new Error(what);
}

const says = async (page, text) => must((await page.locator('main').innerText()).includes(text), `the page does not say ${text}: ${(await page.locator('main').innerText()).slice(0, 300)}`);

// What a report says that was just issued: its JSON is on the page, in an envelope that seals it.
async function report(who) {
  await who.to('/me/reports');
  await who.page.locator('main form button').first().click();
  await who.page.getByText(t('issued-title')).first().waitFor();
  const opened = (value) => {
    if (typeof value === 'string') return [value, Buffer.from(value, 'base64').toString()];
    return value && typeof value === 'object' ? Object.values(value).flatMap(opened) : [];
  };
  const address = await who.page.locator('a[download$=".json"]').getAttribute('href');
  return opened(JSON.parse(Buffer.from(address.split(',')[1], 'base64').toString())).join(' ');
}

await walk('mends a file', async () => {
  const { context, page, to } = await as('officer');
  await to('/desk/submissions');
  await page.getByLabel(t('submission-file'), { exact: true }).setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await page.getByRole('button', { name: t('submission-go'), exact: true }).click();
  await page.getByRole('heading', { name: t('draft-mend') }).waitFor();
  const cell = page.locator('[aria-invalid]').first();
  must((await cell.inputValue()) === '2026-02-30', 'the cell says what the file says');
  await cell.fill('2026-02-27');
  await page.getByRole('button', { name: t('draft-try-again') }).click();
  await page.getByText(t('draft-submit-all')).waitFor();
  await page.getByRole('button', { name: t('draft-submit'), exact: true }).click();
  // The page follows the work by itself.
  await page.getByRole('heading', { name: t('submitted-all') }).waitFor();
  must(page.url().includes('/drafts/'), 'the file has a page of its own');
  await to('/desk/submissions');
  await says(page, 'rows.csv');
  await context.close();
});

await walk('objects and is answered', async () => {
  const mine = await as('resident');
  must((await report(mine)).includes('吊销许可证件'), 'the report says what is held');
  await mine.to('/me/records');
  await says(mine.page, either('吊销许可证件', 'Revocation of licence'));
  await mine.page.locator('article a.button').first().click();
  await mine.page.locator('a[href*="/object"]').first().click();
  await mine.page.locator('[name="aspect"][value="content"]').check();
  await mine.page.locator('[name="grounds"]').fill('这不是我的处罚种类，只是警告');
  await mine.page.locator('main form button').first().click();
  await mine.page.waitForURL('**/me/proceedings*');
  await says(mine.page, t('proceeding-due'));
  const number = (await mine.page.locator('article dd.mono').first().innerText()).trim();

  const theirs = await as('decider');
  await theirs.to('/desk/proceedings');
  await theirs.page.locator(`a[href*="${number}"]`).first().click();
  await theirs.page.locator('[name="step"][value="accept"]').check();
  await theirs.page.locator('main form button').first().click();
  await theirs.page.locator('[name="step"][value="correct"]').check();
  await theirs.page.locator('[name="text"]').fill('登记有误，已改为警告');
  await theirs.page.locator('[name="corrected"]').fill('CF_CFLB=警告\nCF_NR_ZKDX=');
  await theirs.page.locator('main form button').first().click();
  await theirs.page.waitForLoadState('load');

  await mine.to('/me/proceedings');
  await says(mine.page, '登记有误，已改为警告');
  await mine.to('/me/records');
  await says(mine.page, either('警告', 'Warning'));
  const after = await report(mine);
  must(after.includes('警告') && !after.includes('吊销许可证件'), 'the report changes with the record');
  await mine.context.close();
  await theirs.context.close();
});

// Whoever has no pointer goes from stop to stop, and sees at each where they are.
async function keyboard(page) {
  const where = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== 'rgba(0, 0, 0, 0)';
      const within = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      return { name: `${at.tagName} ${(at.id || at.textContent || at.value || '').trim().slice(0, 40)}`, body: at === document.body, shown, within };
    });
  // Tab until something is in focus that a selector means.
  const to = async (selector) => {
    for (let stops = 0; stops < 120; stops += 1) {
      await page.keyboard.press('Tab');
      const at = await where();
      if (at.body) continue;
      must(at.shown, `nobody sees that ${at.name} has the focus`);
      must(at.within, `${at.name} has the focus out of sight`);
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    throw new Error(`no way by keyboard to ${selector}`);
  };
  const press = async (key, leads) => {
    const gone = page.waitForURL(leads);
    await page.keyboard.press(key);
    await gone;
    await page.waitForLoadState('load');
  };
  const skip = async () => {
    await page.keyboard.press('Tab');
    must(await page.evaluate(() => document.activeElement.matches('a.skip')), 'the first stop leads past what every page has');
    const at = await where();
    must(at.shown && at.within, 'the way past what every page has is seen when it is reached');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'main');
    await page.keyboard.press('Tab');
    must(await page.evaluate(() => document.activeElement.closest('main') !== null), 'what follows is in the page itself');
  };
  return { to, press, skip, type: (text) => page.keyboard.type(text) };
}

await walk('objects by keyboard alone', async () => {
  const context = await browser.newContext({ viewport: { width: look.width, height: look.height }, locale: either('zh-CN', 'en-GB'), reducedMotion: 'reduce' });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on('pageerror', (error) => wrong.push(`typist: script: ${error.message}`));
  // A cookie that is for https alone comes back over the local address too, as `as` sends it.
  page.on('response', async (answer) => {
    for (const line of (await answer.headersArray()).filter((header) => header.name.toLowerCase() === 'set-cookie')) {
      const [name, ...value] = line.value.split(';')[0].split('=');
      await context.addCookies([{ name, value: value.join('='), url: base.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Lax' }]);
    }
  });
  await page.goto(base + address('/me/records'));
  const keys = await keyboard(page);
  await keys.skip();
  await page.reload();
  await keys.to('#login');
  await keys.type(typist.login);
  await keys.to('#password');
  await keys.type(typist.password);
  await keys.to('#digits');
  await keys.type(typist.digits);
  await keys.to('main form button[type=submit]');
  await keys.press('Enter', '**/me/records**');
  await says(page, either('罚款', 'Fine'));
  await keys.skip();
  await keys.to('article a.button');
  await keys.press('Enter', /\/me\/records\/[0-9a-f]+/);
  await keys.to('main a[href*="/object"]');
  await keys.press('Enter', '**/object**');
  await keys.to('[name="aspect"]');
  await page.keyboard.press('Space');
  must(await page.locator('[name="aspect"]:checked').count() === 1, 'a choice is made by the space bar');
  await keys.to('[name="grounds"]');
  await keys.type('当日不在本市，请核对');
  await keys.to('main form button[type=submit]');
  await keys.press('Space', '**/me/proceedings**');
  await says(page, '当日不在本市，请核对');
  await context.close();
});

await walk('checks with a code', async () => {
  const mine = await as('resident');
  await mine.to('/me/consents/code');
  await mine.page.locator('[name="to"][value="commitment-based-approval|11990000MB0000001E"]').check();
  await mine.page.locator('main form button').first().click();
  const code = (await mine.page.locator('.big').first().innerText()).trim();
  const theirs = await as('clerk');
  await theirs.to('/desk/checks');
  await theirs.page.locator('[name="matter"]').selectOption('commitment-based-approval');
  await theirs.page.locator('[name="name"]').fill(person.name);
  await theirs.page.locator('[name="number"]').fill(person.number);
  await theirs.page.locator('[name="case-number"]').fill('云批受〔2026〕8号');
  await theirs.page.locator('[name="consent"]').fill(code);
  await theirs.page.locator('main form button').first().click();
  await theirs.page.locator('article.paper').first().waitFor();
  await says(theirs.page, t('answer-lead'));
  await mine.context.close();
  await theirs.context.close();
});

await walk('reads lateness', async () => {
  const { context, page, to } = await as('office');
  await to('/office');
  await page.locator('main a[href*="/office/overdue"]').first().click();
  await page.getByRole('heading', { name: t('office-overdue') }).waitFor();
  const row = page.locator('tr', { hasText: late });
  must((await row.innerText()).includes('2026-12-11'), 'the last day stands beside the number');
  must(!(await page.locator('main').innerText()).includes(person.name), 'nobody is named');
  await to('/office/statistics');
  await page.locator('main table').first().waitFor();
  must((await page.locator('main figure svg, main svg').count()) > 0, 'a picture stands beside the tables');
  await context.close();
});

await walk('is brought back', async () => {
  const { context, page, to } = await as('resident');
  await to('/me/log');
  await page.locator('summary').first().click();
  await page.getByRole('link', { name: t('complaint-about-line') }).first().click();
  await page.locator('[name="text"]').fill('我没有请谁看过 👀 שלום');
  await context.clearCookies();
  await page.getByRole('button', { name: t('complaint-go') }).click();
  await page.waitForURL('**/sign-in**');
  await page.locator('#login').fill(keys.login);
  await page.locator('#password').fill(keys.password);
  await page.locator('#digits').fill(keys.digits);
  await page.getByRole('button', { name: t('signin-sign'), exact: true }).click();
  await says(page, '我没有请谁看过 👀 שלום');
  await page.getByRole('button', { name: t('resumed-go') }).click();
  await page.waitForURL('**/me/complaints*');
  await says(page, '我没有请谁看过 👀 שלום');
  // Back, and sent once more: one complaint about a line waits at a time, and nothing typed is lost.
  await page.goBack();
  await page.getByRole('button', { name: t('resumed-go') }).click();
  await page.waitForLoadState('load');
  must((await page.content()).includes('我没有请谁看过'), 'what was typed is still there');
  await to('/me/complaints');
  must((await page.locator('article').count()) === 1, 'one complaint, whatever was pressed');
  await context.close();
});

await walk('adds a passkey', async () => {
  const { context, page, to } = await as('resident', NAME);
  await context.route(`${NAME}/**`, async (route) => {
    const request = route.request();
    const headers = await request.allHeaders();
    for (const name of Object.keys(headers)) if (name.startsWith(':') || name === 'host') delete headers[name];
    const url = request.url().replace(NAME, base);
    const method = request.method();
    const answer = await fetch(url, { method, headers: { ...headers, 'sec-fetch-site': 'same-origin' }, body: request.postDataBuffer() ?? undefined, redirect: 'manual' });
    const body = Buffer.from(await answer.arrayBuffer());
    const told = {};
    for (const [name, value] of answer.headers) if (!['set-cookie', 'content-length', 'transfer-encoding'].includes(name)) told[name] = value;
    const set = answer.headers.getSetCookie();
    if (set.length > 0) told['set-cookie'] = set.join('\n');
    await route.fulfill({ status: answer.status, headers: told, body });
  });
  const devices = await context.newCDPSession(page);
  await devices.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await devices.send('WebAuthn.addVirtualAuthenticator', { options });
  await to('/me/account');
  await page.getByLabel(t('account-passkey-name')).fill('家里的电脑');
  await page.getByRole('button', { name: t('account-passkey-add'), exact: true }).click();
  await page.getByText(t('account-passkey-added')).waitFor();
  await says(page, '家里的电脑');
  await context.clearCookies();
  await to('/sign-in');
  await page.locator('#login').fill(keys.login);
  await page.getByRole('button', { name: t('passkey-button') }).click();
  await page.waitForURL(/\/me(\?|$)/);
  await to('/me/records');
  await says(page, either('行政处罚', 'Administrative penalty'));
  await context.close();
});

await browser.close();
console.log(JSON.stringify({ walked, wrong }));
