#include "platform/audit/sealed_row.hpp"

#include <charconv>

namespace opsteward::audit {

namespace {

constexpr std::string_view kBegin = R"({"sequence":)";

}  // namespace

const vault::Stream& SealedStream() {
    static const vault::Stream kStream{std::string(vault::kOwnSource), "audit", vault::Transport::kInternal};
    return kStream;
}

std::string SealedLine(const Entry& entry, const KeptTexts& kept, std::string_view previous_hash) {
    const Change& change = entry.change;
    json::object whole = {{"sequence", entry.sequence},
                          {"at", ToMillis(entry.at)},
                          {"user_id", entry.actor.user_id},
                          {"user_name", entry.actor.name},
                          {"address", entry.actor.address},
                          {"action", change.action},
                          {"subject_kind", change.subject_kind},
                          {"subject_id", change.subject_id},
                          {"subject_name", change.subject_name},
                          {"unit_id", change.unit_id ? json::value(*change.unit_id) : json::value(nullptr)},
                          {"before_json", kept.before},
                          {"after_json", kept.after},
                          {"previous_hash", previous_hash},
                          {"hash", entry.hash}};
    std::string line = json::serialize(whole);
    if (line.size() <= vault::kMaxMessage) return line;
    return json::serialize(json::object{{"sequence", entry.sequence}, {"previous_hash", previous_hash}, {"hash", entry.hash}});
}

std::optional<std::int64_t> SequenceOf(std::string_view line) {
    if (!line.starts_with(kBegin)) return std::nullopt;
    line.remove_prefix(kBegin.size());
    std::int64_t sequence = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), sequence);
    const bool is_number = error == std::errc() && end != line.data() + line.size() && *end == ',';
    return is_number && sequence > 0 ? std::optional(sequence) : std::nullopt;
}

}  // namespace opsteward::audit
