"""`firewall test` proves or refutes what is expected of a rule base; `firewall query` says which rule decides of a packet, or of all of some traffic."""

import re

import pytest

from firewall import BAD_INPUT, CHINESE, DATA, answer, each, failure, fortigate, packet_text, refusal, run, text, written

# 1: the inside reaches the web server; 2: the outside does at night; 3: the inside may ping anybody.
POLICIES = ['NET > WEB HTTPS accept; set srcintf "inside"; set dstintf "dmz"',
            'all > WEB HTTPS accept; set srcintf "outside"; set dstintf "dmz"; set schedule "nights"',
            'all > all PING accept; set srcintf "inside"']


@pytest.fixture
def sample(tmp_path):
    return written(tmp_path, fortigate(*POLICIES))


def expectation(expect: str, zone: str = "inside", services: str = "tcp/443", more: str = "", name: str = "web") -> str:
    listed = ", ".join(f'"{service}"' for service in services.split())
    return (f'[[expectation]]\nname = "{name}"\nfrom = {{ zones = ["{zone}"], addresses = ["10.0.0.0/24"] }}\n'
            f'to = {{ zones = ["dmz"], addresses = ["192.0.2.10"] }}\nservices = [{listed}]\nexpect = "{expect}"\n{more}')


RESULTS = {
    "proved": (expectation("accept"), 0, "proved", None, False),
    "proved to be denied": (expectation("deny", services="tcp/80 udp"), 0, "proved", None, False),
    "refuted by a packet": (expectation("deny"), 1, "refuted", "1", False),
    "refuted by the fallback": (expectation("accept", services="tcp/443 tcp/80"), 1, "refuted", None, False),
    "depends on a schedule": (expectation("deny", zone="outside"), 1, "depends", "2", False),
    "only, and something else gets through": (expectation("accept", more="only = true\n"), 1, "refuted", "3", True),
    "only, and nothing else gets through": (expectation("accept", services="tcp/443 icmp/8", more="only = true\n"), 0, "proved", None, False),
}
WORDS = {"proved": ("proved", "證實"), "refuted": ("refuted", "推翻"), "depends": ("depends", "視條件")}


@pytest.mark.parametrize("name", RESULTS)
def test_an_expectation_is_proved_or_refuted(name, sample, tmp_path):
    toml, code, state, rule, is_about_rest = RESULTS[name]
    path = written(tmp_path, toml, "expect.toml")
    found = answer("test", sample, "--expect", path, code=code)
    assert found["not_proved"] == code
    (result,) = found["results"]
    assert (result["name"], result["line"], result["rule_base"], result["state"], result["is_about_rest"]) == ("web", 1, "root", state, is_about_rest)
    assert (result["rule"] and result["rule"]["id"]) == rule
    assert (result["packet"] is None) == (state == "proved")
    if state != "proved":
        said = answer("query", sample, "--packet", packet_text(result["packet"]))
        deciding = said["may_decide"][0] if state == "depends" else said["rule"]
        assert (deciding and deciding["id"]) == rule, "the packet is decided so when it is asked about by itself"
    english, chinese = (text("test", sample, "--expect", path, language=language, code=code) for language in ("C.UTF-8", CHINESE))
    assert english.startswith(f"{WORDS[state][0]}  web [root]") and english.endswith(f"{1 - code} of 1 proved\n")
    assert chinese.startswith(f"{WORDS[state][1]}  web [root]") and chinese.endswith(f"1 項中 {1 - code} 項證實\n")


def test_one_that_fails_fails_all_and_each_is_told(sample, tmp_path):
    path = written(tmp_path, expectation("accept", name="first") + expectation("deny", name="second") + expectation("accept", name="third"), "expect.toml")
    assert [result["state"] for result in answer("test", sample, "--expect", path, code=1)["results"]] == ["proved", "refuted", "proved"]
    assert "2 of 3 proved" in text("test", sample, "--expect", path, code=1)


def test_what_is_expected_of_each_rule_base_is_asked_of_each(tmp_path):
    toml = '[[expectation]]\nname = "servers"\nto = { addresses = ["192.0.2.10"] }\nservices = ["tcp/443"]\nexpect = "deny"\n'
    sample = DATA / "fortigate" / "vdoms.conf"
    both = answer("test", sample, "--expect", written(tmp_path, toml, "both.toml"), code=1)["results"]
    assert [(result["rule_base"], result["state"]) for result in both] == [("root", "refuted"), ("dmz", "proved")]
    one = answer("test", sample, "--expect", written(tmp_path, toml + 'rule_base = "dmz"\n', "one.toml"))["results"]
    assert [(result["rule_base"], result["state"]) for result in one] == [("dmz", "proved")]


# Text, and the line and column that the refusal has to name, with what is wrong there.
WRONG_EXPECTATIONS = {
    "a misspelt zone": (expectation("accept", zone="insid"), (1, 1), "insid"),
    "a misspelt rule base": (expectation("accept", more='rule_base = "rot"\n'), (1, 1), "rot"),
    "an unknown key": (expectation("accept", more='colour = "red"\n'), (7, 1), "colour"),
    "neither accept nor deny": (expectation("perhaps"), (6, 10), "accept"),
    "a wrong address": (expectation("accept").replace("10.0.0.0/24", "10.0.0.0/33"), (3, 43), "addresses"),
    "a wrong service": (expectation("accept", services="tcp/66000"), (5, 13), "services"),
    "no TOML": ("[[expectation]]\nname = ", (2, None), "TOML"),
    "no expectations": ("", (1, 1), "[[expectation]]"),
}


@pytest.mark.parametrize("name", WRONG_EXPECTATIONS)
def test_wrong_expectations_are_refused_with_line_and_column(name, sample, tmp_path):
    toml, (line, column), what = WRONG_EXPECTATIONS[name]
    path = written(tmp_path, expectation("accept", name="right") + toml if name != "no expectations" else toml, "expect.toml")
    before = 6 if name != "no expectations" else 0
    message = refusal("test", sample, "--expect", path)
    place = re.match(rf"{path}: Expectations, line (\d+), column (\d+)", message)
    assert place and int(place[1]) == line + before, message
    assert column is None or int(place[2]) == column
    assert what in message


def test_missing_expectations_are_no_failed_ones(sample, tmp_path):
    assert failure(1, "test", sample, "--expect", tmp_path / "none.toml")["code"] == "not_found"


PACKETS = {
    "decided by a rule": ("src=10.0.0.7 dst=192.0.2.10 dport=443 in=inside out=dmz", "accept", "allowed", "1", []),
    "decided by nothing": ("src=10.0.0.7 dst=192.0.2.10 dport=444 in=inside out=dmz", "deny", "blocked", None, []),
    "perhaps decided by a schedule": ("src=10.0.0.7 dst=192.0.2.10 proto=tcp sport=50000 dport=443 in=outside out=dmz", "deny", "depends", None, ["2"]),
    "ICMP by its type": ("src=10.9.0.7 dst=192.0.2.10 proto=icmp type=8 code=0 in=inside out=outside", "accept", "allowed", "3", []),
    "another type": ("src=10.9.0.7 dst=192.0.2.10 proto=icmp type=13 in=inside out=outside", "deny", "blocked", None, []),
    "a protocol by its number": ("src=10.9.0.7 dst=192.0.2.10 proto=47 in=inside out=dmz", "deny", "blocked", None, []),
    "IPv6": ("src=2001:db8::7 dst=2001:db8::8 dport=443 in=inside out=dmz", "deny", "blocked", None, []),
    "an interface that no rule names": ("src=10.0.0.7 dst=192.0.2.10 dport=443 in=wan9 out=dmz", "deny", "blocked", None, []),
}


@pytest.mark.parametrize("name", PACKETS)
def test_a_packet_is_decided_by_a_rule(name, sample):
    packet, action, outcome, rule, possible = PACKETS[name]
    said = answer("query", sample, "--packet", packet)
    assert (said["rule_base"], said["action"], said["outcome"]) == ("root", action, outcome)
    assert (said["rule"] and said["rule"]["id"]) == rule
    assert [other["id"] for other in said["may_decide"]] == possible
    assert said.pop("zones_not_named") == (["wan9"] if "wan9" in packet else [])
    again = answer("query", sample, "--packet", packet_text(said["packet"]))
    assert again | said == again, "the packet as it is told is the packet as it was asked"


def test_people_are_told_the_rule_and_what_may_match_first(sample):
    by_rule = text("query", sample, "--packet", PACKETS["decided by a rule"][0])
    assert re.search(r"^accepted: rule root 1 \(line \d+\)$", by_rule, re.MULTILINE)
    perhaps = text("query", sample, "--packet", PACKETS["perhaps decided by a schedule"][0])
    assert "denied: no rule matches, the default decides" in perhaps and re.search(r'accepted root 2 \(line \d+\): schedule "nights"', perhaps)
    chinese = text("query", sample, "--packet", PACKETS["perhaps decided by a schedule"][0], language=CHINESE)
    assert "拒絕：沒有規則符合，由預設處理" in chinese and "排程「nights」" in chinese


def test_an_interface_that_no_rule_names_may_be_misspelt_and_is_told(sample):
    packet = PACKETS["an interface that no rule names"][0]
    assert "wan9" in text("query", sample, "--packet", packet) and "wan9" in text("query", sample, "--packet", packet, language=CHINESE)
    assert answer("query", sample, "--traffic", "in=wan9,inside out=dmz")["zones_not_named"] == ["wan9"]


TRAFFIC = {
    "all allowed": ("src=10.0.0.0/24 dst=192.0.2.10 service=tcp/443 in=inside out=dmz", "allowed", ["1"], "no rule is needed"),
    "partly": ("src=10.0.0.0/23 dst=192.0.2.10 service=tcp/443 in=inside out=dmz", "partly", ["1", None], "Some of it is allowed"),
    "all blocked": ("src=10.1.0.0/24 dst=192.0.2.10 service=tcp/443 in=inside out=dmz", "blocked", [None], "All of it is blocked"),
    "depends": ("src=10.0.0.0/24 dst=192.0.2.10 service=tcp/443 in=outside out=dmz", "depends", ["2"], "It depends"),
    "of all there is": ("", "partly", ["1", "2", "3", None], "Some of it is allowed"),
}


@pytest.mark.parametrize("name", TRAFFIC)
def test_traffic_is_decided_by_all_the_rules_it_meets(name, sample):
    traffic, extent, deciding, words = TRAFFIC[name]
    said = answer("query", sample, "--traffic", traffic)
    assert said["extent"] == extent
    assert [one["rule"] and one["rule"]["id"] for one in said["deciding"]][:len(deciding)] == deciding
    assert words in text("query", sample, "--traffic", traffic)
    for kind in ("allowed", "blocked", "depends"):
        if said[kind]:
            assert answer("query", sample, "--packet", packet_text(said[kind]))["outcome"] == kind


WRONG_PACKETS = {
    "": "src and dst are needed", "src=10.0.0.7": "src and dst are needed", "src=10.0.0.7 dst=2001:db8::1": "one family", "src=10.0.0.7 dst=x": "one family",
    "src=10.0.0.7 dst=192.0.2.10": "dport is needed", "src=10.0.0.7 dst=192.0.2.10 dport=65536": "65535",
    "src=10.0.0.7 dst=192.0.2.10 proto=xyz": "xyz",
    "src=10.0.0.7 dst=192.0.2.10 proto=icmp dport=7": "dport",
    "src=10.0.0.7 dst=192.0.2.10 proto=icmp type=256": "255", "src=10.0.0.7 src=10.0.0.8 dst=192.0.2.10": "twice", "src= dst=192.0.2.10": "name=value",
    "src=10.0.0.7 dst=192.0.2.10 dport=7 state=tired": "tired", "src=10.0.0.7 dst=192.0.2.10 dport=7 colour=red": "colour", "hello": "name=value",
}
WRONG_TRAFFIC = {"src=10.0.0.0/33": "src", "service=tcp/66000": "tcp/66000", "src=10.0.0.0/8 dst=2001:db8::/32": "", "colour=red": "colour",
                 "state=tired": "tired"}


def test_wrong_questions_are_refused_with_what_is_wrong_in_them(sample):
    for option, questions in (("--packet", WRONG_PACKETS), ("--traffic", WRONG_TRAFFIC)):
        messages = each(lambda question, option=option: refusal("query", sample, option, question), questions)
        for (question, part), message in zip(questions.items(), messages, strict=True):
            assert part in message, question
    assert run("firewall", "query", sample, "--packet", "src=10.0.0.7 dst=10.0.0.8", "--traffic", "src=10.0.0.7").returncode == 2


def test_one_of_several_rule_bases_has_to_be_named():
    sample, packet = DATA / "fortigate" / "vdoms.conf", "src=198.51.100.1 dst=192.0.2.10 dport=443"
    assert refusal("query", sample, "--packet", packet).endswith("name one by --base: root, dmz.")
    assert answer("query", sample, "--base", "root", "--packet", f"{packet} in=port1")["rule"]["id"] == "1"
    assert answer("query", sample, "--base", "dmz", "--packet", f"{packet} in=port1")["rule"] is None
    assert answer("query", sample, "--packet", f"{packet} in=port2")["rule_base"] == "dmz", "the only one that names the interface"
    missing = failure(1, "query", sample, "--base", "nobody", "--packet", packet)
    assert missing["code"] == "not_found" and "root, dmz" in missing["message"]["en"]


def test_what_goes_through_is_asked_of_the_rules_for_it():
    sample = DATA / "iptables" / "router.save"
    for packet, base in (("src=192.0.2.1 dst=192.0.2.10", "FORWARD"), ("src=2001:db8::1 dst=2001:db8::2", "FORWARD (IPv6)")):
        assert answer("query", sample, "--packet", f"{packet} dport=22 in=eth1 out=eth2")["rule_base"] == base


def test_an_interface_that_is_not_there_is_refused_where_rules_name_them_all():
    sample = DATA / "srx" / "office.conf"
    assert '"nowhere"' in refusal("query", sample, "--packet", "src=10.0.0.7 dst=192.0.2.10 dport=22 in=nowhere out=dmz")
    assert "trust, untrust, dmz" in refusal("query", sample, "--packet", "src=10.0.0.7 dst=192.0.2.10 dport=22")
    assert "no rules" in refusal("query", DATA / "fortigate" / "batfish-zone.conf", "--packet", "src=10.0.0.7 dst=192.0.2.10 dport=22")
    assert failure(BAD_INPUT, "query", sample, "--traffic", "in=nowhere")["code"] == "invalid_input"
