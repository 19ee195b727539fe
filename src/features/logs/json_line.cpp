// JSON as RFC 8259 says, read in one pass to flat fields, without building its tree. A line that breaks off or goes wrong gives
// what stood before; that a name may stand twice does not matter here.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "features/logs/content_readers.hpp"
#include "features/logs/key_map.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

/// Deeper nesting is passed over.
constexpr int kMaxDepth = 16;
/// Joined names are cut here.
constexpr std::size_t kMaxPath = 512;

// Names of the Elastic Common Schema and of common log libraries.
constexpr KeyMap kKeys({
    {"host", FieldId::kHost},
    {"hostname", FieldId::kHost},
    {"host.name", FieldId::kHost},
    {"program", FieldId::kProgram},
    {"process.name", FieldId::kProgram},
    {"pid", FieldId::kPid},
    {"process.pid", FieldId::kPid},
    {"level", FieldId::kLevel},
    {"severity", FieldId::kLevel},
    {"log.level", FieldId::kLevel},
    {"msg", FieldId::kText},
    {"message", FieldId::kText},
    {"src_ip", FieldId::kSrcIp},
    {"srcip", FieldId::kSrcIp},
    {"source.ip", FieldId::kSrcIp},
    {"client.ip", FieldId::kSrcIp},
    {"client_ip", FieldId::kSrcIp},
    {"clientip", FieldId::kSrcIp},
    {"remote_addr", FieldId::kSrcIp},
    {"remote_ip", FieldId::kSrcIp},
    {"src_port", FieldId::kSrcPort},
    {"source.port", FieldId::kSrcPort},
    {"source.mac", FieldId::kSrcMac},
    {"dest_ip", FieldId::kDstIp},
    {"dst_ip", FieldId::kDstIp},
    {"dstip", FieldId::kDstIp},
    {"destination.ip", FieldId::kDstIp},
    {"server.ip", FieldId::kDstIp},
    {"dest_port", FieldId::kDstPort},
    {"dst_port", FieldId::kDstPort},
    {"destination.port", FieldId::kDstPort},
    {"in_iface", FieldId::kInInterface},
    {"proto", FieldId::kProto},
    {"network.transport", FieldId::kProto},
    {"network.protocol", FieldId::kApp},
    {"app_proto", FieldId::kApp},
    {"network.direction", FieldId::kDirection},
    {"action", FieldId::kAction},
    {"event.action", FieldId::kAction},
    {"event.outcome", FieldId::kStatus},
    {"event.reason", FieldId::kReason},
    {"reason", FieldId::kReason},
    {"rule", FieldId::kRule},
    {"rule.name", FieldId::kRule},
    {"session", FieldId::kSession},
    {"session_id", FieldId::kSession},
    {"flow_id", FieldId::kSession},
    {"duration", FieldId::kDuration},
    {"event.duration", FieldId::kDuration},
    {"bytes", FieldId::kBytes},
    {"network.bytes", FieldId::kBytes},
    {"source.bytes", FieldId::kBytesOut},
    {"destination.bytes", FieldId::kBytesIn},
    {"body_bytes_sent", FieldId::kBytesOut},
    {"user", FieldId::kUser},
    {"username", FieldId::kUser},
    {"user.name", FieldId::kUser},
    {"user.domain", FieldId::kDomain},
    {"group", FieldId::kGroup},
    {"event_id", FieldId::kEventId},
    {"event.code", FieldId::kEventId},
    {"event_type", FieldId::kEventType},
    {"event.category", FieldId::kCategory},
    {"alert.signature", FieldId::kThreat},
    {"file.path", FieldId::kFile},
    {"url", FieldId::kUrl},
    {"uri", FieldId::kUrl},
    {"path", FieldId::kUrl},
    {"url.original", FieldId::kUrl},
    {"request_uri", FieldId::kUrl},
    {"http.url", FieldId::kUrl},
    {"method", FieldId::kMethod},
    {"request_method", FieldId::kMethod},
    {"http.request.method", FieldId::kMethod},
    {"http.http_method", FieldId::kMethod},
    {"status", FieldId::kStatus},
    {"http.response.status_code", FieldId::kStatus},
    {"http.status", FieldId::kStatus},
    {"http_referer", FieldId::kReferrer},
    {"http.request.referrer", FieldId::kReferrer},
    {"user_agent", FieldId::kUserAgent},
    {"http_user_agent", FieldId::kUserAgent},
    {"user_agent.original", FieldId::kUserAgent},
});

bool IsTimeKey(std::string_view key) {
    return key == "@timestamp" || key == "timestamp" || key == "time" || key == "ts" || key == "eventTime" || key == "datetime";
}

void AppendUtf8(unsigned code, char*& to) {
    const auto put = [&](unsigned byte) { *to++ = static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

/// Four hexadecimal digits; nothing for others.
std::optional<unsigned> HexAt(std::string_view text, std::size_t at) {
    if (at + 4 > text.size()) return std::nullopt;
    unsigned value = 0;
    const auto [stop, error] = std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
    if (error != std::errc() || stop != text.data() + at + 4) return std::nullopt;
    return value;
}

/// The characters of a \u escape at `at` (its digits); sets `at` behind it. A lone half of a pair becomes U+FFFD. Without its digits it is no escape.
void UnescapeUnicode(std::string_view text, std::size_t& at, char*& to) {
    constexpr unsigned kReplacement = 0xFFFD;
    const auto first = HexAt(text, at);
    if (!first) {
        *to++ = '\\';
        *to++ = 'u';
        return;
    }
    at += 4;
    const bool is_high = *first >= 0xD800 && *first < 0xDC00;
    const bool is_low = *first >= 0xDC00 && *first < 0xE000;
    const auto second = is_high && text.substr(at, 2) == "\\u" ? HexAt(text, at + 2) : std::nullopt;
    if (second && *second >= 0xDC00 && *second < 0xE000) {
        at += 6;
        AppendUtf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), to);
    } else {
        AppendUtf8(is_high || is_low ? kReplacement : *first, to);
    }
}

/// A backslash before what RFC 8259 section 7 does not name stays: of a path that nobody escaped, all is kept.
std::string_view UnescapeJson(std::string_view text, TextStore& owned) {
    char* const begin = owned.Reserve(text.size());
    char* to = begin;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at++];
        if (c != '\\' || at == text.size()) {
            *to++ = c;
            continue;
        }
        const char escaped = text[at++];
        switch (escaped) {
            case 'n': *to++ = '\n'; break;
            case 't': *to++ = '\t'; break;
            case 'r': *to++ = '\r'; break;
            case 'b': *to++ = '\b'; break;
            case 'f': *to++ = '\f'; break;
            case 'u': UnescapeUnicode(text, at, to); break;
            case '"':
            case '\\':
            case '/': *to++ = escaped; break;
            default:
                *to++ = '\\';
                *to++ = escaped;
        }
    }
    return owned.Commit(static_cast<std::size_t>(to - begin));
}

class JsonReader {
  public:
    JsonReader(std::string_view text, const ReadContext& context, ParsedLine& line)
        : text_(text), context_(context), line_(line) {}

    /// False when the text is not even the beginning of an object.
    bool Read() {
        SkipSpace();
        if (!Take('{')) return false;
        SkipSpace();
        if (!IsAt('"') && !IsAt('}')) return false;
        ReadObject(1);
        return true;
    }

  private:
    bool IsAt(char c) const { return at_ < text_.size() && text_[at_] == c; }
    bool Take(char c) {
        if (!IsAt(c)) return false;
        ++at_;
        return true;
    }
    void SkipSpace() {
        while (IsAt(' ') || IsAt('\t') || IsAt('\n') || IsAt('\r')) ++at_;
    }

    // Precondition: at an opening quote.
    std::string_view TakeString() {
        const Quoted quoted = ReadQuoted(text_, at_ + 1, '"', Encoding::kUtf8);
        at_ = quoted.end;
        return quoted.has_escape ? UnescapeJson(quoted.text, line_.owned) : quoted.text;
    }

    /// After the opening brace. False where reading must end.
    bool ReadObject(int depth) {
        SkipSpace();
        if (Take('}')) return true;
        do {
            SkipSpace();
            if (!IsAt('"')) return false;
            const std::string_view name = TakeString();
            SkipSpace();
            if (!Take(':')) return false;
            if (depth == 1) top_name_ = name;
            const std::size_t before = path_size_;
            Append(name);
            const bool goes_on = ReadValue(depth);
            path_size_ = before;
            if (!goes_on) return false;
            SkipSpace();
        } while (Take(','));
        return Take('}');
    }

    bool ReadArray(int depth) {
        SkipSpace();
        if (Take(']')) return true;
        do {
            if (!ReadValue(depth)) return false;
            SkipSpace();
        } while (Take(','));
        return Take(']');
    }

    bool ReadValue(int depth) {
        SkipSpace();
        if (at_ == text_.size()) return false;
        if (IsAt('"')) {
            AddValue(depth, TakeString());
            return true;
        }
        if (IsAt('{') || IsAt('[')) {
            if (depth == kMaxDepth) return PassOver();
            return text_[at_++] == '{' ? ReadObject(depth + 1) : ReadArray(depth + 1);
        }
        const std::size_t end = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
        const std::string_view value = text_.substr(at_, end - at_);
        at_ = end;
        if (value.empty()) return false;
        if (value != "null") AddValue(depth, value);
        return true;
    }

    void Append(std::string_view name) {
        if (path_size_ > 0 && path_size_ < kMaxPath) path_[path_size_++] = '.';
        const std::size_t size = std::min(name.size(), kMaxPath - path_size_);
        std::copy_n(name.begin(), size, path_.begin() + static_cast<std::ptrdiff_t>(path_size_));
        path_size_ += size;
    }

    /// Steps over an object or array, whatever is in it.
    bool PassOver() {
        std::size_t open = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                at_ = ReadQuoted(text_, at_ + 1, '"', Encoding::kUtf8).end;
                continue;
            }
            ++at_;
            if (c == '{' || c == '[') ++open;
            if ((c == '}' || c == ']') && --open == 0) return true;
        }
        return false;
    }

    void AddValue(int depth, std::string_view value) {
        const std::string_view path(path_.data(), path_size_);
        const FieldId id = kKeys.Find(path);
        if (id != FieldId::kVendor) {
            line_.Add(id, value);
        } else if (!value.empty()) {
            // The buffer of the path is written again: a joined name that is kept needs a place of its own.
            const bool is_joined = depth > 1 && line_.fields.size() < ParsedLine::kMaxFields;
            line_.AddVendor(is_joined ? line_.owned.Join({path}) : top_name_, value);
        }
        if (IsTimeKey(path)) OfferTime(value, context_.received, line_);
    }

    std::string_view text_;
    const ReadContext& context_;
    ParsedLine& line_;
    std::size_t at_ = 0;
    std::array<char, kMaxPath> path_;
    std::size_t path_size_ = 0;
    std::string_view top_name_;
};

}  // namespace

bool ReadJson(std::string_view text, const ReadContext& context, ParsedLine& line) {
    // Marks of "structured text follows" (CEE, Lumberjack).
    if (Skip(text, "@cee:")) SkipBlanks(text);
    if (!JsonReader(text, context, line).Read()) return false;
    line.content = ContentFormat::kJson;
    return true;
}

FormatMapping JsonMapping() { return {ContentFormat::kJson, kKeys.mappings()}; }

}  // namespace opsteward::logs
