// Opens every page of web_gallery in headless Chromium under the console's content security policy, and fails on anything
// axe finds against WCAG 2.1 A and AA, on what the policy blocks, and on errors of scripts.
//
// usage: node scripts/check_gallery.mjs GALLERY_DIR [PICTURE_DIR]
// Needs web/node_modules (npm ci in web/) and a Chromium, at /usr/bin/chromium or where CHROMIUM says.
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';

const require = createRequire(new URL('../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const kPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const kTypes = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const kTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const kWidths = [1440, 390];

const [folder, pictures] = process.argv.slice(2);

/** The gallery's files, and the two addresses that its scripts ask for. */
function serve(request, response) {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    if (path.startsWith('/events/')) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('event: clause\ndata: 6.1.2\n\n');
        return;
    }
    if (path === '/preferences') {
        response.writeHead(204).end();
        return;
    }
    if (path === '/search.json') {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify([{ title: 'web-01', detail: '設備', href: '/devices/1', icon: 'server' }]));
        return;
    }
    const file = join(folder, path);
    if (!existsSync(file)) {
        response.writeHead(404).end();
        return;
    }
    response.writeHead(200, { 'Content-Type': kTypes[extname(file)] ?? 'text/plain', 'Content-Security-Policy': kPolicy });
    createReadStream(file).pipe(response);
}

async function findViolations(page) {
    // As the test's own code, not as a script of the page: the policy stays in force for the page.
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), kTags);
    return violations.flatMap((violation) => violation.nodes.map(
        (node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary.replaceAll('\n', ' ')}`));
}

/** Keyboard paths: the palette opens, finds, and closes; the user menu opens. */
async function useByKeyboard(page, complain) {
    await page.keyboard.press('Control+k');
    const palette = page.locator('dialog.ops-palette');
    if (!await palette.isVisible()) complain('Ctrl+K opens no palette');
    await page.keyboard.type('web');
    await page.locator('dialog li', { hasText: 'web-01' }).waitFor({ timeout: 3000 })
        .catch(() => complain('the palette does not show the hits of /search.json'));
    for (const violation of await findViolations(page)) complain(`palette: ${violation}`);
    if (pictures) await page.screenshot({ path: join(pictures, 'palette.png') });
    await page.keyboard.press('Escape');
    if (await palette.isVisible()) complain('Escape does not close the palette');
    await page.keyboard.press('?');
    if (!await page.locator('.ops-shortcuts').isVisible()) complain('? does not show the shortcuts');
    await page.keyboard.press('Escape');
    await page.locator('.ops-user').press('Enter');
    if (!await page.locator('#ops-user-menu').isVisible()) complain('the user menu does not open by keyboard');
    for (const violation of await findViolations(page)) complain(`user menu: ${violation}`);
    if (pictures) await page.screenshot({ path: join(pictures, 'user-menu.png') });
    await page.keyboard.press('Escape');
    await page.locator('[data-confirm]').first().click();
    if (!await page.locator('dialog[open]').isVisible()) complain('no question before a form is sent');
    for (const violation of await findViolations(page)) complain(`question: ${violation}`);
    await page.keyboard.press('Escape');
}

/** The theme changes without loading the page again, and is sent. */
async function switchTheme(page, complain) {
    const before = await page.evaluate(() => document.documentElement.dataset.bsTheme);
    const wanted = before === 'dark' ? 'light' : 'dark';
    await page.locator('.ops-user').click();
    const [request] = await Promise.all([
        page.waitForRequest((sent) => sent.url().endsWith('/preferences'), { timeout: 3000 }),
        page.locator(`button[name="theme"][value="${wanted}"]`).click(),
    ]);
    if (!request.postData().includes(`theme=${wanted}`)) complain('the choice of theme is not sent');
    if (await page.evaluate(() => document.documentElement.dataset.bsTheme) !== wanted) complain('the theme does not change');
}

const server = createServer(serve);
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
});
let complaints = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith('.html')).sort()) {
    for (const width of kWidths) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
        const complain = (text) => {
            complaints += 1;
            console.log(`${name} at ${width}: ${text}`);
        };
        page.on('console', (message) => message.type() === 'error' && complain(message.text()));
        page.on('pageerror', (error) => complain(String(error)));
        const renewal = page.waitForRequest((sent) => sent.url().endsWith(name) && sent.resourceType() === 'fetch', { timeout: 5000 })
            .catch(() => name.startsWith('gallery-') && complain('an event does not renew the page'));
        await page.goto(`${origin}/${name}`, { waitUntil: 'load' });
        if (name.startsWith('gallery-')) await renewal;
        for (const violation of await findViolations(page)) complain(violation);
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) complain('wider than the window');
        if (pictures) await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
        if (width === kWidths[0] && name.startsWith('gallery-')) {
            await useByKeyboard(page, complain);
            await switchTheme(page, complain);
        }
        await page.close();
    }
}
await browser.close();
server.close();
server.closeAllConnections();
console.log(complaints === 0 ? 'no complaints' : `${complaints} complaints`);
process.exitCode = complaints === 0 ? 0 : 1;
