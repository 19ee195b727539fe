// The theme changes at once, without loading the page again; the choice is still sent, for the cookie.
export function startPreferences() {
    const form = document.querySelector('form[data-preference="theme"]');
    form?.addEventListener('submit', (event) => {
        event.preventDefault();
        const chosen = event.submitter;
        document.documentElement.dataset.bsTheme = chosen.value;
        for (const button of form.querySelectorAll('button')) {
            button.setAttribute('aria-pressed', String(button === chosen));
        }
        const body = new URLSearchParams(new FormData(form, chosen));
        fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => form.submit());
    });
}
