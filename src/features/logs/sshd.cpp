// OpenSSH's server (auth.c, sshd.c, packet.c) and the PAM lines it leaves. User names come from whoever knocks and may hold
// anything, " from 10.1.1.1 port 22" too: where the name stands before the address, the last address is the true one.
#include <algorithm>
#include <array>

#include "features/logs/content_readers.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

bool IsAddress(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.' || c == '%';
    });
}

struct Peer {
    std::string_view address;
    std::string_view port;
    std::string_view before;  ///< what stands before the address
    std::string_view after;   ///< what stands behind the port
};

std::string_view LastWord(std::string_view text) {
    const std::size_t blank = text.rfind(' ');
    return blank == std::string_view::npos ? text : text.substr(blank + 1);
}

/// "… 10.1.1.1 port 5000 …": the first or the last of them.
bool FindPeer(std::string_view text, bool last, Peer& peer) {
    constexpr std::string_view kPort = " port ";
    std::size_t at = last ? text.rfind(kPort) : text.find(kPort);
    while (at != std::string_view::npos) {
        const std::string_view address = LastWord(text.substr(0, at));
        std::string_view rest = text.substr(at + kPort.size());
        std::size_t digits = 0;
        while (digits < rest.size() && IsDigit(rest[digits])) ++digits;
        if (IsAddress(address) && digits > 0) {
            peer = {address, rest.substr(0, digits), TrimBlanks(text.substr(0, at - address.size())), rest.substr(digits)};
            return true;
        }
        if (last && at == 0) break;
        at = last ? text.rfind(kPort, at - 1) : text.find(kPort, at + 1);
    }
    return false;
}

/// "… from 10.1.1.1", as older versions wrote it and some messages still do.
bool FindPeerWithoutPort(std::string_view text, Peer& peer) {
    constexpr std::string_view kFrom = " from ";
    const std::size_t at = text.rfind(kFrom);
    if (at == std::string_view::npos) return false;
    const std::string_view rest = text.substr(at + kFrom.size());
    const std::string_view address = rest.substr(0, rest.find(' '));
    if (!IsAddress(address)) return false;
    peer = {address, {}, text.substr(0, at + kFrom.size() - 1), rest.substr(address.size())};
    return true;
}

std::string_view WithoutFrom(std::string_view text) {
    if (text == "from") return {};
    if (text.ends_with(" from")) text.remove_suffix(5);
    return TrimBlanks(text);
}

void AddUser(std::string_view text, ParsedLine& line) {
    constexpr std::string_view kUnknown = "invalid user ";
    text = TrimBlanks(text);
    if (text.starts_with(kUnknown) || text.starts_with("illegal user ")) {
        line.Add(FieldId::kReason, text.substr(0, kUnknown.size() - 1));
        text.remove_prefix(kUnknown.size());
    } else if (!Skip(text, "authenticating user ")) {
        Skip(text, "user ");
    }
    line.Add(FieldId::kUser, text);
}

void AddPeer(const Peer& peer, ParsedLine& line) {
    line.Add(FieldId::kSrcIp, peer.address);
    line.Add(FieldId::kSrcPort, peer.port);
}

/// Accepted publickey for alice from 10.1.1.1 port 5000 ssh2: …
bool ReadAttempt(std::string_view text, ParsedLine& line) {
    static constexpr std::array<std::string_view, 4> kWords = {"Accepted", "Failed", "Postponed", "Partial"};
    const std::string_view action = text.substr(0, text.find(' '));
    if (std::ranges::find(kWords, action) == kWords.end()) return false;
    line.Add(FieldId::kAction, action);
    text.remove_prefix(action.size());
    SkipBlanks(text);
    const std::size_t user = text.find(" for ");
    const std::string_view method = text.substr(0, user);
    line.Add(FieldId::kAuthMethod, method.substr(0, method.find(' ')));
    if (user == std::string_view::npos) return true;
    text.remove_prefix(user + 5);
    Peer peer;
    if (!FindPeer(text, true, peer) && !FindPeerWithoutPort(text, peer)) return true;
    AddUser(WithoutFrom(peer.before), line);
    AddPeer(peer, line);
    return true;
}

struct Opening {
    std::string_view words;
    bool has_user;    ///< a user may stand between the words and the address
    bool has_reason;  ///< text stands behind the port
};

constexpr auto kOpenings = std::to_array<Opening>({
    {"Invalid user ", true, false},
    {"Illegal user ", true, false},
    {"Connection closed by ", true, false},
    {"Connection reset by ", true, false},
    {"Disconnected from ", true, false},
    {"Disconnecting ", true, true},
    {"maximum authentication attempts exceeded for ", true, false},
    {"Received disconnect from ", false, true},
    {"Unable to negotiate with ", false, true},
    {"Did not receive identification string from ", false, false},
    {"Connection from ", false, false},
    {"banner exchange: Connection from ", false, true},
});

/// "Connection closed by " → "Connection closed"
std::string_view ActionOf(std::string_view words) {
    words = TrimBlanks(words);
    for (const std::string_view word : {" from", " by", " for", " with"}) {
        if (words.ends_with(word)) words.remove_suffix(word.size());
    }
    return words;
}

/// A user, an address, or the one and then the other, with no port.
void AddUserOrAddress(std::string_view text, bool has_user, ParsedLine& line) {
    Peer peer;
    if (has_user && FindPeerWithoutPort(text, peer)) {
        AddUser(WithoutFrom(peer.before), line);
        AddPeer(peer, line);
        return;
    }
    text = TrimBlanks(text);
    std::string_view word = text.substr(0, text.find(' '));
    if (word.ends_with(':')) word.remove_suffix(1);
    if (IsAddress(word)) {
        line.Add(FieldId::kSrcIp, word);
    } else if (has_user) {
        AddUser(text, line);
    }
}

bool ReadOpening(std::string_view text, ParsedLine& line) {
    Skip(text, "error: ");
    const auto found = std::ranges::find_if(kOpenings, [&](const Opening& opening) { return text.starts_with(opening.words); });
    if (found == kOpenings.end()) return false;
    line.Add(FieldId::kAction, ActionOf(text.substr(0, found->words.size())));
    // The blank before stays, so that an address right behind the words is found too.
    const std::string_view rest = text.substr(found->words.size() - 1);
    Peer peer;
    if (!FindPeer(rest, found->has_user, peer)) {
        AddUserOrAddress(rest, found->has_user, line);
        return true;
    }
    if (found->has_user) AddUser(WithoutFrom(peer.before), line);
    AddPeer(peer, line);
    if (found->has_reason && Skip(peer.after, ":")) line.Add(FieldId::kReason, TrimBlanks(peer.after));
    return true;
}

/// pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)
bool ReadPam(std::string_view text, const ReadContext& context, ParsedLine& line) {
    if (!text.starts_with("pam_")) return false;
    const std::size_t colon = text.find("): ");
    if (colon == std::string_view::npos) return false;
    std::string_view rest = text.substr(colon + 3);
    for (const std::string_view action : {"session opened", "session closed"}) {
        if (!rest.starts_with(action)) continue;
        line.Add(FieldId::kAction, rest.substr(0, action.size()));
        rest.remove_prefix(action.size());
        if (Skip(rest, " for user ")) line.Add(FieldId::kUser, rest.substr(0, rest.find_first_of(" (")));
        return true;
    }
    if (!rest.starts_with("authentication failure")) return false;
    line.Add(FieldId::kAction, rest.substr(0, rest.find(';')));
    ReadKeyValue(rest, context, true, line);
    return true;
}

/// User alice from 10.1.1.1 not allowed because not listed in AllowUsers
bool ReadRefusal(std::string_view text, ParsedLine& line) {
    constexpr std::string_view kRefusal = "not allowed";
    constexpr std::string_view kBecause = " because ";
    if (!Skip(text, "User ")) return false;
    const std::size_t at = text.rfind(kRefusal);
    if (at == std::string_view::npos || !text.substr(at + kRefusal.size()).starts_with(kBecause)) return false;
    line.Add(FieldId::kAction, text.substr(at, kRefusal.size()));
    line.Add(FieldId::kReason, text.substr(at + kRefusal.size() + kBecause.size()));
    Peer peer;
    if (!FindPeerWithoutPort(text.substr(0, at), peer)) return true;
    line.Add(FieldId::kUser, WithoutFrom(peer.before));
    AddPeer(peer, line);
    return true;
}

}  // namespace

bool ReadSshd(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const bool is_read = ReadAttempt(text, line) || ReadOpening(text, line) || ReadPam(text, context, line) ||
                         ReadRefusal(text, line);
    if (is_read) line.content = ContentFormat::kSshd;
    return is_read;
}

}  // namespace opsteward::logs
