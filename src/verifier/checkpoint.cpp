#include "verifier/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "verifier/base64.hpp"
#include "verifier/fault.hpp"
#include "verifier/utf8.hpp"

namespace opsteward::verifier {

namespace {

std::vector<std::string_view> Lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

}  // namespace

std::optional<std::uint64_t> ParseDecimal(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    return number;
}

std::optional<Hash> ParseHash(std::string_view text) {
    const auto bytes = FromBase64(text);
    Hash hash{};
    if (!bytes || bytes->size() != hash.size()) return std::nullopt;
    std::ranges::copy(*bytes, hash.begin());
    return hash;
}

Checkpoint OpenCheckpoint(std::string_view bytes, const PublicKey& key) {
    const Note note = Note::Parse(bytes);
    RequireSignature(note, key);
    const auto lines = Lines(note.text);
    if (lines.size() != 3) throw Malformed(Say("檢查點應有三行。", "a checkpoint has three lines."));
    if (lines[0] != key.name) {
        throw Malformed(Say("檢查點屬於「{0}」，不是「{1}」。", "the checkpoint is of {0}, not of {1}.", {Printable(lines[0]), key.name}));
    }
    const auto size = ParseDecimal(lines[1]);
    const auto root = ParseHash(lines[2]);
    if (!size || !root) throw Malformed(Say("檢查點的筆數或根雜湊格式不符。", "the number of records or the root of the checkpoint is malformed."));
    return {*size, *root};
}

}  // namespace opsteward::verifier
