// How soon the largest thing on a page is painted (Largest Contentful Paint), in Debian's Chromium as a slow phone sees it: a processor four times slower, 1.6 Mbit/s down,
// 150 ms there and back.
//
//     node paint.mjs FOLDER BASE SESSION
//
// FOLDER has `node_modules`, SESSION is a resident's. Prints `paint-PAGE us_lcp MICROSECONDS`, three times for each page, each from an empty cache.

import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder, base, session] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), 'index.js'));
const { chromium } = require('playwright-core');
const program = process.env.CHENGXIN_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

for (const [name, path] of [['home', '/'], ['catalogue', '/catalogue'], ['me', '/me'], ['records', '/me/records']]) {
  for (let turn = 0; turn < 3; turn += 1) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.setExtraHTTPHeaders({ cookie: `__Host-chengxin=${session}` });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 });
    await page.addInitScript(() => {
      window.painted = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.painted = entry.startTime; })
        .observe({ type: 'largest-contentful-paint', buffered: true });
    });
    const answer = await page.goto(base + path, { waitUntil: 'load' });
    if (answer.status() !== 200 || new URL(page.url()).pathname !== path) throw new Error(`${path}: ${answer.status()} ${page.url()}`);
    await page.waitForTimeout(500);
    const painted = await page.evaluate(() => window.painted);
    if (!(painted > 0)) throw new Error(`${path}: nothing was painted`);
    console.log(`paint-${name} us_lcp ${Math.round(painted * 1000)}`);
    await context.close();
  }
}
await browser.close();
