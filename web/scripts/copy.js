// Buttons with data-copy put their text on the clipboard. Browsers allow that only over TLS or on this machine.
import { say } from './text.js';

const kShownFor = 2000;  // milliseconds

async function copy(button) {
    const label = button.querySelector('span');
    const before = label.textContent;
    try {
        await navigator.clipboard.writeText(button.dataset.copy);
        label.textContent = say('已複製', 'Copied');
    } catch {
        label.textContent = say('無法複製', 'Could not copy');
    }
    button.setAttribute('aria-live', 'polite');
    setTimeout(() => { label.textContent = before; }, kShownFor);
}

export function startCopy() {
    if (!navigator.clipboard) return;
    const reveal = (root) => {
        for (const button of root.querySelectorAll('[data-copy][hidden]')) button.hidden = false;
    };
    reveal(document);
    document.addEventListener('ops:renewed', (event) => reveal(event.target));
    document.addEventListener('click', (event) => {
        const button = event.target.closest('[data-copy]');
        if (button) copy(button);
    });
}
