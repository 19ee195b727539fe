// Parts of a page that renew themselves. <body data-event-address> names the stream of server-sent events; an element
// with an id and data-live="name …" is taken anew from this page's own address when one of these events comes. When the
// stream can't be had, the parts are renewed every so often instead.
//
// Nobody need sit before the page for that, so neither the stream nor a renewal (told by its header) prolongs the session.
// When it has ended, the server answers 401; the page says so and renews nothing any more.
import { askToSignInAgain } from './sign_in_again.js';

const kPollEvery = 30000;   // milliseconds; while the stream is lost
const kCheckEvery = 300000; // while it is there: nothing may happen for long, and the session end meanwhile
const kGatherFor = 250;     // several events in a row renew once

const liveParts = () => [...document.querySelectorAll('[data-live][id]')];
const eventsOf = (part) => part.dataset.live.split(/\s+/).filter(Boolean);

/** Somebody is typing there: replacing it would lose what was typed. */
function isInUse(part) {
    const active = document.activeElement;
    return part.contains(active) && active.matches('input, textarea, select');
}

/** False when the session has ended. */
async function renew(parts) {
    const response = await fetch(location.href, {
        headers: { Accept: 'text/html', 'X-Live-Renewal': '1' },
        redirect: 'manual',
    });
    if (response.status === 401) return false;
    if (!response.ok) return true;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of parts) {
        const replacement = fresh.getElementById(part.id);
        if (!replacement || isInUse(part) || replacement.innerHTML === part.innerHTML) continue;
        const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
        part.replaceWith(replacement);
        if (focused) document.getElementById(focused)?.focus();
        replacement.dispatchEvent(new CustomEvent('ops:renewed', { bubbles: true }));
    }
    return true;
}

export function startLiveParts() {
    const address = document.body.dataset.eventAddress;
    if (!address || liveParts().length === 0) return;

    const source = new EventSource(address);
    let wasLost = false;
    let hasEnded = false;
    const renewNow = async (parts) => {
        const isSignedIn = await renew(parts);
        if (isSignedIn || hasEnded) return;
        hasEnded = true;
        source.close();
        askToSignInAgain();
    };

    const waiting = new Set();
    let timer = 0;
    const renewSoon = (name) => {
        if (hasEnded) return;
        waiting.add(name);
        timer ||= setTimeout(() => {
            timer = 0;
            const names = new Set(waiting);
            waiting.clear();
            const due = liveParts().filter((part) => names.has('*') || eventsOf(part).some((event) => names.has(event)));
            if (due.length > 0) renewNow(due).catch(() => {});
        }, kGatherFor);
    };

    source.addEventListener('open', () => {
        if (wasLost) renewSoon('*');
        wasLost = false;
    });
    source.addEventListener('error', () => { wasLost = true; });
    for (const name of new Set(liveParts().flatMap(eventsOf))) {
        source.addEventListener(name, () => renewSoon(name));
    }
    const renewAll = () => {
        if (!document.hidden) renewSoon('*');
    };
    setInterval(() => {
        if (wasLost) renewAll();
    }, kPollEvery);
    setInterval(renewAll, kCheckEvery);
    document.addEventListener('visibilitychange', renewAll);
}
