"""Which pages there are: what links of the console lead to, one page of each kind."""

import re
import urllib.parse

from opsteward import Browser
from world import World

NO_PAGE = re.compile(r"^/(assets|events|api)/|\.(ics|csv|json|pub)$|/proof$|^/(healthz|metrics)$")
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
TELLING = ("topic", "view", "tab")  # parameters that make another page of the same path
CLAUSE_STATES = ("not_met", "attention", "met", "not_set_up")


def kind_of(target: str) -> str:
    """Pages of one kind differ in the number of the record alone."""
    url = urllib.parse.urlsplit(target)
    path = re.sub(r"/[0-9][0-9.]*(?=/|$)", "/*", url.path)
    query = {name: value for name, value in urllib.parse.parse_qsl(url.query) if name in TELLING}
    return path + ("?" + urllib.parse.urlencode(query) if query else "")


def is_page(target: str) -> bool:
    return not NO_PAGE.search(urllib.parse.urlsplit(target).path) and "format=" not in target


def every_page(world: World, reader: Browser) -> dict[str, str]:
    """Address by kind, for somebody who may see everything."""
    found = {
        "/board": "/board",
        "/devices/*": "/devices/1",
        "error": "/nothing-is-here",
        "search with hits": "/search?q=6.9.5",
        "search without hits": "/search?q=zzzzzz",
        "board as of a past day": "/board?as_of=2020-01-01",
        "cancelled job": f"/jobs/{world.cancelled_job}",
        "done duty": f"/duties/{world.done_duty}",
        "device that is not observed": f"/devices/{world.router}",
    }
    for state in CLAUSE_STATES:
        items = world.api.get(f"/clauses?state={state}")["items"]
        if items:
            found[f"clause {state}"] = f"/clauses/{items[0]['id']}"
    found["clause of the listener"] = "/clauses/6.9.5"
    waiting = ["/", *found.values()]
    while waiting:
        target = waiting.pop()
        answer = reader.send("GET", target)
        if answer.status != 200 or "text/html" not in answer.headers["Content-Type"]:
            continue
        found.setdefault(kind_of(target), target)
        for link in LINK.findall(answer.text):
            link = link.replace("&amp;", "&")
            if is_page(link) and kind_of(link) not in found and kind_of(link) not in map(kind_of, waiting):
                waiting.append(link)
    return found
