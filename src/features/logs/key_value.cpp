#include "features/logs/key_value.hpp"

#include <array>

#include "features/logs/content_readers.hpp"
#include "features/logs/key_map.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

constexpr auto kIsKeyByte = [] {
    std::array<bool, 256> table{};
    for (unsigned c = 0; c < 256; ++c) {
        table[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
                   c == '.' || c == '/' || c == '@';
    }
    return table;
}();

bool IsKeyByte(char c) { return kIsKeyByte[static_cast<unsigned char>(c)]; }

constexpr KeyMap kKeys({
    {"src", FieldId::kSrcIp},
    {"src_ip", FieldId::kSrcIp},
    {"srcip", FieldId::kSrcIp},
    {"client_ip", FieldId::kSrcIp},
    {"clientip", FieldId::kSrcIp},
    {"rhost", FieldId::kSrcIp},
    {"ip", FieldId::kSrcIp},
    {"spt", FieldId::kSrcPort},
    {"sport", FieldId::kSrcPort},
    {"src_port", FieldId::kSrcPort},
    {"srcport", FieldId::kSrcPort},
    {"dst", FieldId::kDstIp},
    {"dst_ip", FieldId::kDstIp},
    {"dstip", FieldId::kDstIp},
    {"dpt", FieldId::kDstPort},
    {"dport", FieldId::kDstPort},
    {"dst_port", FieldId::kDstPort},
    {"dstport", FieldId::kDstPort},
    {"proto", FieldId::kProto},
    {"protocol", FieldId::kProto},
    {"service", FieldId::kService},
    {"app", FieldId::kApp},
    {"action", FieldId::kAction},
    {"act", FieldId::kAction},
    {"reason", FieldId::kReason},
    {"rule", FieldId::kRule},
    {"policy", FieldId::kRule},
    {"session", FieldId::kSession},
    {"session_id", FieldId::kSession},
    {"duration", FieldId::kDuration},
    {"user", FieldId::kUser},
    {"username", FieldId::kUser},
    {"group", FieldId::kGroup},
    {"domain", FieldId::kDomain},
    {"command", FieldId::kCommand},
    {"COMMAND", FieldId::kCommand},
    {"pid", FieldId::kPid},
    {"event_id", FieldId::kEventId},
    {"level", FieldId::kLevel},
    {"severity", FieldId::kLevel},
    {"file", FieldId::kFile},
    {"url", FieldId::kUrl},
    {"uri", FieldId::kUrl},
    {"path", FieldId::kUrl},
    {"method", FieldId::kMethod},
    {"status", FieldId::kStatus},
    {"user_agent", FieldId::kUserAgent},
    {"referrer", FieldId::kReferrer},
    {"bytes", FieldId::kBytes},
    {"bytes_in", FieldId::kBytesIn},
    {"bytes_out", FieldId::kBytesOut},
    {"count", FieldId::kCount},
    {"msg", FieldId::kText},
    {"message", FieldId::kText},
});

bool IsTimeKey(std::string_view key) {
    return key == "time" || key == "ts" || key == "timestamp" || key == "eventtime" || key == "event_time";
}

}  // namespace

std::string_view KeyValueScanner::TakeValue() {
    if (at_ < text_.size() && text_[at_] == '"') {
        const Quoted quoted = ReadQuoted(text_, at_ + 1, '"', encoding_);
        at_ = quoted.end;
        return quoted.has_escape ? Unescape(quoted.text, "\"\\", encoding_, owned_) : quoted.text;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && !EndsValue(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
}

bool KeyValueScanner::Next(Pair& pair) {
    while (at_ < text_.size()) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && IsKeyByte(text_[at_])) ++at_;
        const std::size_t length = at_ - begin;
        if (at_ == text_.size()) return false;
        const bool is_pair = length > 0 && text_[at_] == '=';
        ++at_;
        if (is_pair) {
            pair.key = text_.substr(begin, length);
            pair.value = TakeValue();
            return true;
        }
    }
    return false;
}

bool ReadKeyValue(std::string_view text, const ReadContext& context, bool is_expected, ParsedLine& line) {
    const std::size_t first = text.find('=');
    if (first == std::string_view::npos) return false;
    KeyValueScanner scanner(text, ",;", context.encoding, line.owned);
    const std::size_t before = line.fields.size();
    std::size_t count = 0;
    Pair pair;
    while (scanner.Next(pair)) {
        ++count;
        line.Add(kKeys.Find(pair.key), pair.key, pair.value);
    }
    if (count < (is_expected ? 1U : 2U)) {
        line.fields.resize(before);
        return false;
    }
    for (const Field& field : line.fields) {
        if (IsTimeKey(field.key)) OfferTime(field.value, context.received, line);
    }
    line.content = ContentFormat::kKeyValue;
    return true;
}

FormatMapping KeyValueMapping() { return {ContentFormat::kKeyValue, kKeys.mappings()}; }

}  // namespace opsteward::logs
