// What script adds to a page that works without it.
import { startConfirm } from './confirm.js';
import { startCopy } from './copy.js';
import { startLiveParts } from './live.js';
import { startPalette } from './palette.js';
import { startPreferences } from './preferences.js';
import { startShortcuts } from './shortcuts.js';

startConfirm();
startCopy();
startPreferences();
startShortcuts(startPalette());
startLiveParts();
