#!/bin/sh
# Copies what the console uses of the packages locked in web/package-lock.json into web/vendor, and what its tests use into
# tests/browser/vendor, and makes the sprite of the icons listed in web/icons.txt. Only needed after a change of versions or of that
# list: building and testing take the vendor folders as they are.
set -eu
cd "$(dirname "$0")/../web"

[ -d node_modules ] || npm ci --ignore-scripts --no-audit --no-fund

mkdir -p vendor
modules=node_modules/@tabler

sed -e 's|/\*# sourceMappingURL=[^*]*\*/||' "$modules/core/dist/css/tabler.min.css" > vendor/tabler.min.css

{
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    while read -r name; do
        printf '<symbol id="%s" viewBox="0 0 24 24">' "$name"
        grep -o '<path [^>]*/>' "$modules/icons/icons/outline/$name.svg" | grep -v 'stroke="none"' | tr -d '\n'
        echo '</symbol>'
    done < icons.txt
    echo '</svg>'
} > vendor/icons.svg

cp "$modules/icons/LICENSE" vendor/LICENSE.tabler-icons
# The package of the style sheet has no licence file of its own; its head names the holders and the MIT licence.
{
    echo 'MIT License'
    grep -o -m1 'Copyright 2018-[0-9]* The Tabler Authors' vendor/tabler.min.css
    sed -n '/^Permission is hereby granted/,$p' "$modules/icons/LICENSE"
} > vendor/LICENSE.tabler

mkdir -p ../tests/browser/vendor
cp node_modules/axe-core/axe.min.js ../tests/browser/vendor/axe.min.js
cp node_modules/axe-core/LICENSE ../tests/browser/vendor/LICENSE.axe-core
