// Words in the language of the page, as a pair at the place of use.
const isEnglish = document.documentElement.lang === 'en';

export const say = (zh, en) => (isEnglish ? en : zh);
