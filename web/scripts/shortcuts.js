// Single keys, which a person can switch off (WCAG 2.1.4): they get in the way of speech input.
import { element, showDialog } from './dialog.js';
import { say } from './text.js';

const kSetting = 'opsteward.single-keys';

const areSingleKeysOn = () => localStorage.getItem(kSetting) !== 'off';

function showShortcuts() {
    const rows = [
        [['Ctrl', 'K'], say('前往頁面或搜尋', 'Go to a page or search')],
        [['/'], say('搜尋', 'Search')],
        [['?'], say('這份清單', 'This list')],
        [['Esc'], say('關閉視窗', 'Close a window')],
    ].flatMap(([keys, what]) => [
        element('dt', {}, ...keys.flatMap((key, i) => (i > 0 ? [' + ', element('kbd', {}, key)] : [element('kbd', {}, key)]))),
        element('dd', {}, what),
    ]);
    const check = element('input', { type: 'checkbox' });
    check.checked = areSingleKeysOn();
    check.addEventListener('change', () => localStorage.setItem(kSetting, check.checked ? 'on' : 'off'));
    showDialog(element('dialog', { class: 'ops-dialog', 'aria-labelledby': 'ops-shortcuts-title' },
        element('form', { method: 'dialog' },
            element('h2', { id: 'ops-shortcuts-title' }, say('鍵盤快速鍵', 'Keyboard shortcuts')),
            element('dl', { class: 'ops-shortcuts' }, ...rows),
            element('label', { class: 'ops-check' }, check, element('span', {}, say('使用單鍵快速鍵', 'Use single keys'))),
            element('div', { class: 'ops-button-row' },
                element('button', { class: 'ops-button ops-button-primary', autofocus: '' }, say('關閉', 'Close'))))));
}

export function startShortcuts(openPalette) {
    for (const button of document.querySelectorAll('[data-shortcuts]')) {
        button.hidden = false;
        button.addEventListener('click', () => {
            button.closest('[popover]')?.hidePopover();
            showShortcuts();
        });
    }
    document.addEventListener('keydown', (event) => {
        const isTyping = event.target.closest('input, textarea, select, [contenteditable]');
        if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (!areSingleKeysOn() || document.querySelector('dialog[open]')) return;
        if (event.key === '/') {
            event.preventDefault();
            const field = document.getElementById('ops-search');
            if (field) field.focus();
            else openPalette();
        } else if (event.key === '?') {
            event.preventDefault();
            showShortcuts();
        }
    });
}
