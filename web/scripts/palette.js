// Ctrl+K: one field for every page of the menu and every record. Hits come from GET /search.json?q=…, an array of
// {"title", "detail", "href", "icon"}; without it the palette still finds the pages of the menu.
import { element, icon, showDialog } from './dialog.js';
import { say } from './text.js';

const kTypingPause = 150;  // milliseconds
const kMostPages = 8;

function menuPages() {
    return [...document.querySelectorAll('.ops-menu a')].map((link) => ({
        title: link.querySelector('span').textContent,
        detail: say('頁面', 'Page'),
        href: link.getAttribute('href'),
        icon: link.querySelector('use')?.getAttribute('href').split('#')[1] ?? 'link',
    }));
}

async function searchRecords(query, signal) {
    const response = await fetch(`/search.json?q=${encodeURIComponent(query)}`, { signal });
    if (!response.ok) return [];
    const hits = await response.json();
    // Only addresses of this site: a hit is data.
    return hits.filter((hit) => hit.href.startsWith('/') && !hit.href.startsWith('//'));
}

function makePalette() {
    const input = element('input', {
        type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'ops-palette-list', autofocus: '',
        'aria-label': say('搜尋', 'Search'), autocomplete: 'off', maxlength: '200',
        placeholder: say('前往頁面，或搜尋設備、條文、表單、紀錄…', 'Go to a page, or search devices, clauses, forms, records …'),
    });
    const list = element('ul', { id: 'ops-palette-list', role: 'listbox', 'aria-label': say('結果', 'Results') });
    const hint = element('div', { class: 'ops-palette-hint', role: 'status' });
    const dialog = element('dialog', { class: 'ops-dialog ops-palette', 'aria-label': say('搜尋', 'Search') },
        element('div', { class: 'ops-palette-search' }, icon('search'), input), list, hint);

    let options = [];
    let selected = 0;
    const select = (index) => {
        if (options.length === 0) return;
        selected = (index + options.length) % options.length;
        options.forEach((option, i) => option.setAttribute('aria-selected', String(i === selected)));
        input.setAttribute('aria-activedescendant', options[selected].id);
        options[selected].scrollIntoView({ block: 'nearest' });
    };
    const open = (index) => {
        if (options[index]) location.assign(options[index].dataset.href);
    };
    const show = (hits) => {
        options = hits.map((hit, i) => element('li',
            { role: 'option', id: `ops-palette-${i}`, 'data-href': hit.href, 'aria-selected': 'false' },
            icon(hit.icon || 'file-text'), element('span', {}, hit.title), element('small', {}, hit.detail || '')));
        list.replaceChildren(...options);
        hint.textContent = hits.length > 0
            ? say('↑ ↓ 選擇，Enter 前往，Esc 關閉', '↑ ↓ to choose, Enter to go, Esc to close')
            : say('找不到符合的項目', 'Nothing found');
        input.removeAttribute('aria-activedescendant');
        select(0);
    };

    const pages = menuPages();
    let timer = 0;
    let request = null;
    const update = () => {
        const query = input.value.trim();
        const wanted = query.toLowerCase();
        const matching = pages.filter((page) => page.title.toLowerCase().includes(wanted)).slice(0, kMostPages);
        show(matching);
        clearTimeout(timer);
        request?.abort();
        if (!query) return;
        timer = setTimeout(async () => {
            request = new AbortController();
            const records = await searchRecords(query, request.signal).catch(() => null);
            if (records && input.value.trim() === query) show([...matching, ...records]);
        }, kTypingPause);
    };

    input.addEventListener('input', update);
    input.addEventListener('keydown', (event) => {
        const steps = { ArrowDown: 1, ArrowUp: -1 };
        if (event.isComposing) return;  // Enter and the arrows belong to the input method then
        if (event.key in steps) {
            event.preventDefault();
            select(selected + steps[event.key]);
        } else if (event.key === 'Enter') {
            event.preventDefault();
            open(selected);
        }
    });
    list.addEventListener('click', (event) => open(options.indexOf(event.target.closest('li'))));
    update();
    return dialog;
}

/** Returns what opens the palette. */
export function startPalette() {
    if (!document.querySelector('.ops-menu')) return () => {};
    const openPalette = () => {
        if (!document.querySelector('dialog[open]')) showDialog(makePalette());
    };
    document.addEventListener('keydown', (event) => {
        if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
            event.preventDefault();
            openPalette();
        }
    });
    return openPalette;
}
