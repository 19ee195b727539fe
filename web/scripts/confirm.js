// A button with data-confirm asks before its form is sent.
import { element, showDialog } from './dialog.js';
import { say } from './text.js';

async function isConfirmed(question, label) {
    const title = element('h2', { id: 'ops-confirm-title' }, say('請確認', 'Please confirm'));
    const cancel = element('button', { class: 'ops-button ops-button-secondary', value: '', autofocus: '' },
        say('取消', 'Cancel'));
    const proceed = element('button', { class: 'ops-button ops-button-primary', value: 'yes' }, label);
    const form = element('form', { method: 'dialog' }, title, element('p', {}, question),
        element('div', { class: 'ops-button-row' }, cancel, proceed));
    const dialog = element('dialog', { class: 'ops-dialog', 'aria-labelledby': 'ops-confirm-title' }, form);
    return await showDialog(dialog) === 'yes';
}

export function startConfirm() {
    document.addEventListener('submit', async (event) => {
        const button = event.submitter;
        if (!button?.dataset.confirm || button.hasAttribute('data-confirmed')) return;
        event.preventDefault();
        if (!await isConfirmed(button.dataset.confirm, button.textContent.trim())) return;
        // The second time round the same button sends the form, so that its name and action go with it.
        button.setAttribute('data-confirmed', '');
        event.target.requestSubmit(button);
        button.removeAttribute('data-confirmed');
    });
}
