// What a page says when it finds that its session has ended: in a dialog once, and above the page as long as it stays open,
// because what it shows is old from then on. Nothing is taken away, so that what was typed can still be copied.
import { element, icon, showDialog } from './dialog.js';
import { say } from './text.js';

const kTitle = say('請重新登入', 'Please sign in again');
const kReason = say('您的登入已結束，本頁內容不再更新。', 'Your session has ended, and this page is no longer brought up to date.');

function signInLink(attributes = {}) {
    const here = encodeURIComponent(location.pathname + location.search);
    return element('a', { class: 'ops-button ops-button-primary', href: `/login?next=${here}`, ...attributes },
        say('前往登入', 'Sign in'));
}

function notice() {
    return element('div', { class: 'ops-notice' },
        element('div', { class: 'ops-alert ops-tone-attention', role: 'note' }, icon('alert-triangle'),
            element('div', {},
                element('p', { class: 'ops-alert-title' }, kTitle),
                element('div', { class: 'ops-alert-body' }, element('p', {}, kReason), signInLink()))));
}

export function askToSignInAgain() {
    document.getElementById('ops-main')?.prepend(notice());
    const stay = element('button', { class: 'ops-button ops-button-secondary', value: '' }, say('留在本頁', 'Stay on this page'));
    showDialog(element('dialog', { class: 'ops-dialog', 'aria-labelledby': 'ops-ended-title' },
        element('form', { method: 'dialog' },
            element('h2', { id: 'ops-ended-title' }, kTitle),
            element('p', {}, kReason),
            element('div', { class: 'ops-button-row' }, stay, signInLink({ autofocus: '' })))));
}
