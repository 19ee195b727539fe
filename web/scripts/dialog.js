// Makes elements and modal dialogs. Text never becomes markup: it is set as text.

/** element('p', {class: 'x'}, 'text', child …) */
export function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
}

/** A picture of the sprite, whose address is that of app.js. */
export function icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'ops-icon');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${new URL('icons.svg', import.meta.url).pathname}#${name}`);
    svg.append(use);
    return svg;
}

/** Shows `dialog` until it is closed; gone afterwards. Resolves to its returnValue. */
export function showDialog(dialog) {
    document.body.append(dialog);
    dialog.addEventListener('click', (event) => {
        if (event.target === dialog) dialog.close('');
    });
    return new Promise((resolve) => {
        dialog.addEventListener('close', () => {
            dialog.remove();
            resolve(dialog.returnValue);
        });
        dialog.showModal();
    });
}
