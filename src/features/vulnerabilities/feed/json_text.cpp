#include "features/vulnerabilities/feed/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/feed/feed_file.hpp"
#include "features/vulnerabilities/feed/json_parts.hpp"

namespace opsteward::vuln {

static_assert(kFeedPadding >= simdjson::SIMDJSON_PADDING);

namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

struct Reason {
    std::string_view zh;
    std::string_view en;
};

Reason ReasonOf(simdjson::error_code code) {
    switch (code) {
        case simdjson::DEPTH_ERROR: return {"巢狀層數過多", "it is nested too deeply"};
        case simdjson::UTF8_ERROR: return {"不是有效的 UTF-8", "it is not valid UTF-8"};
        case simdjson::EMPTY: return {"沒有內容", "it is empty"};
        case simdjson::UNCLOSED_STRING:
        case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return {"內容不完整", "it is cut short"};
        case simdjson::MEMALLOC: return {"記憶體不足", "there is not enough memory for it"};
        case simdjson::CAPACITY: return {"內容過長", "it is too long"};
        default: return {"不是有效的 JSON，可能不完整或已損壞", "it is no valid JSON: cut short or damaged"};
    }
}

class TextCutter {
  public:
    TextCutter(std::string& text, std::string_view feed, TextPlace before, const JsonVisitor& visit)
        : feed_(feed), visit_(visit), bytes_before_(before.bytes), number_(before.records), byte_(before.bytes) {
        text.reserve(text.size() + kFeedPadding);
        whole_ = text;
        if (whole_.starts_with("\xef\xbb\xbf")) whole_.remove_prefix(3);
        room_ = text.capacity() - text.size();
        begin_ = text.data();
        whole_.remove_prefix(std::min(whole_.find_first_not_of(kBlanks), whole_.size()));
        while (!whole_.empty() && kBlanks.find(whole_.back()) != std::string_view::npos) {
            whole_.remove_suffix(1);
            ++room_;
        }
    }

    char first() const { return whole_.empty() ? '\0' : whole_.front(); }

    Result<bool> VisitObject(std::string_view list) {
        bool has_list = false;
        ondemand::document document;
        ondemand::object object;
        OPS_CHECK(Check(Begin(document)));
        OPS_CHECK(Check(document.get_object().get(object)));
        for (auto member : object) {
            ondemand::field field;
            OPS_CHECK(Check(std::move(member).get(field)));
            std::string_view key;
            OPS_CHECK(Check(field.unescaped_key().get(key)));
            if (key.size() > kMaxKeyBytes) return Refuse({"有名稱過長的成員", "a member has a name that is too long"});
            const std::string kept = CleanText(key);
            ondemand::value value = field.value();
            ondemand::json_type type{};
            OPS_CHECK(Check(value.type().get(type)));
            if (list.empty() || key != list || *Peek(value) == 'n') {
                OPS_CHECK(VisitValue(value, type, kept, false));
                continue;
            }
            if (type != ondemand::json_type::array) return Refuse({"其清單不是陣列", "its list is no array"});
            ondemand::array elements;
            OPS_CHECK(Check(value.get_array().get(elements)));
            OPS_CHECK(VisitElements(elements, kept));
            has_list = true;
        }
        OPS_CHECK(CheckEnd(document));
        return has_list;
    }

    Result<void> VisitArray() {
        ondemand::document document;
        ondemand::array elements;
        OPS_CHECK(Check(Begin(document)));
        OPS_CHECK(Check(document.get_array().get(elements)));
        OPS_CHECK(VisitElements(elements, {}));
        return CheckEnd(document);
    }

    /// A text without a line end in it, or whose first line is no object, is one record.
    Result<void> VisitLines() {
        Json value;
        const std::size_t end = whole_.find('\n');
        const bool is_one = end == std::string_view::npos || end > kMaxRecordBytes || Parse(whole_.substr(0, end), value) != simdjson::SUCCESS;
        if (is_one) return VisitPart(whole_, {}, true);
        for (std::string_view rest = whole_; !rest.empty();) {
            const std::size_t size = std::min(rest.find('\n'), rest.size());
            const std::string_view line = rest.substr(0, size);
            if (line.find_first_not_of(kBlanks) != std::string_view::npos) OPS_CHECK(VisitPart(line, {}, true));
            rest.remove_prefix(std::min(size + 1, rest.size()));
        }
        return Ok();
    }

    Error Refuse(const Reason& reason) const {
        if (number_ == 0) return Error::Of(ErrorCode::kInvalidInput, fmt::format("{}：{}。", feed_, reason.zh), fmt::format("{}: {}.", feed_, reason.en));
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 第 {} 筆（位元組 {}）之後：{}。", feed_, number_, byte_, reason.zh),
                         fmt::format("{}, behind record {} (byte {}): {}.", feed_, number_, byte_, reason.en));
    }

  private:
    simdjson::error_code Begin(ondemand::document& document) {
        const simdjson::padded_string_view padded(whole_.data(), whole_.size(), whole_.size() + room_);
        return cutter_.iterate(padded).get(document);
    }

    Result<void> Check(simdjson::error_code code) const {
        if (code == simdjson::SUCCESS) return Ok();
        return Refuse(ReasonOf(code));
    }

    Result<void> CheckEnd(ondemand::document& document) const {
        // The error it gives is that there is nothing more.
        const char* here = nullptr;
        if (document.current_location().get(here) == simdjson::OUT_OF_BOUNDS) return Ok();
        return Refuse({"結尾之後還有其他內容", "something stands behind its end"});
    }

    static const char* Peek(ondemand::value& value) {
        const char* here = "";
        return value.current_location().get(here) == simdjson::SUCCESS ? here : "";
    }

    /// Moves on behind a scalar; whether it is one of the words or numbers of JSON is found out when it is read.
    static simdjson::error_code PassBy(ondemand::value& value, ondemand::json_type type) {
        switch (type) {
            case ondemand::json_type::string: return value.get_raw_json_string().error();
            case ondemand::json_type::number: return value.get_double().error();
            case ondemand::json_type::boolean: return value.get_bool().error();
            default: break;
        }
        bool is_null = false;
        const simdjson::error_code code = value.is_null().get(is_null);
        return code == simdjson::SUCCESS && !is_null ? simdjson::N_ATOM_ERROR : code;
    }

    Result<void> VisitElements(ondemand::array& elements, std::string_view key) {
        for (auto element : elements) {
            ondemand::value value;
            OPS_CHECK(Check(std::move(element).get(value)));
            ondemand::json_type type{};
            OPS_CHECK(Check(value.type().get(type)));
            OPS_CHECK(VisitValue(value, type, key, true));
        }
        return Ok();
    }

    Result<void> VisitValue(ondemand::value& value, ondemand::json_type type, std::string_view key, bool is_element) {
        std::string_view raw;
        if (type == ondemand::json_type::object) {
            ondemand::object object;
            OPS_CHECK(Check(value.get_object().get(object)));
            OPS_CHECK(Check(object.raw_json().get(raw)));
        } else if (type == ondemand::json_type::array) {
            ondemand::array array;
            OPS_CHECK(Check(value.get_array().get(array)));
            OPS_CHECK(Check(array.raw_json().get(raw)));
        } else {
            raw = value.raw_json_token();
            OPS_CHECK(Check(PassBy(value, type)));
        }
        const bool is_inside = raw.data() >= whole_.data() && raw.data() + raw.size() <= whole_.data() + whole_.size();
        if (!is_inside) return Refuse(ReasonOf(simdjson::INCOMPLETE_ARRAY_OR_OBJECT));
        return VisitPart(raw, key, is_element);
    }

    Result<void> VisitPart(std::string_view raw, std::string_view key, bool is_element) {
        if (is_element) ++number_;
        byte_ = bytes_before_ + static_cast<std::uint64_t>(raw.data() - begin_);
        JsonPart part{feed_, key, is_element, number_, byte_, raw.size(), {}};
        if (raw.size() > kMaxRecordBytes) {
            Error error = BadPart(part, "超過 64 MiB", "it is larger than 64 MiB");
            error.code = ErrorCode::kTooLarge;
            return error;
        }
        if (const auto code = Parse(raw, part.value); code != simdjson::SUCCESS) return BadPart(part, ReasonOf(code).zh, ReasonOf(code).en);
        return visit_(part);
    }

    simdjson::error_code Parse(std::string_view raw, Json& value) {
        if (raw.size() > parser_.capacity() || parser_.capacity() == 0) {
            const auto code = parser_.allocate(std::max<std::size_t>(2 * raw.size(), 1U << 16), kMaxJsonDepth);
            if (code != simdjson::SUCCESS) return code;
        }
        return parser_.parse(raw.data(), raw.size(), false).get(value);
    }

    std::string_view feed_;
    const JsonVisitor& visit_;
    const char* begin_ = nullptr;
    std::string_view whole_;
    std::size_t room_ = 0;  ///< bytes that may be read behind whole_
    ondemand::parser cutter_;
    simdjson::dom::parser parser_;
    std::uint64_t bytes_before_;
    std::uint64_t number_;
    std::uint64_t byte_;
};

Error NoObject(const TextCutter& cutter) {
    if (cutter.first() == '\0') return cutter.Refuse(ReasonOf(simdjson::EMPTY));
    return cutter.Refuse({"不是這類資料的 JSON", "it is no JSON of this feed"});
}

}  // namespace

Error BadPart(const JsonPart& part, std::string_view zh, std::string_view en) {
    if (!part.is_element) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 的「{}」（位元組 {}）：{}。", part.feed, part.key, part.byte, zh),
                         fmt::format("{}, \"{}\" (byte {}): {}.", part.feed, part.key, part.byte, en));
    }
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 第 {} 筆（位元組 {}）：{}。", part.feed, part.number, part.byte, zh),
                     fmt::format("{}, record {} (byte {}): {}.", part.feed, part.number, part.byte, en));
}

Result<bool> VisitObject(std::string& text, std::string_view feed, std::string_view list, const JsonVisitor& visit) {
    TextCutter cutter(text, feed, {}, visit);
    if (cutter.first() != '{') return NoObject(cutter);
    return cutter.VisitObject(list);
}

Result<void> VisitRecords(std::string& text, std::string_view feed, TextPlace before, const JsonVisitor& visit) {
    TextCutter cutter(text, feed, before, visit);
    if (cutter.first() == '[') return cutter.VisitArray();
    if (cutter.first() != '{') return NoObject(cutter);
    return cutter.VisitLines();
}

std::string CleanText(std::string_view text) {
    // The first byte of what would be a surrogate in UTF-8 (RFC 3629 section 3); everything else simdjson has checked.
    if (text.find('\xed') == std::string_view::npos) return std::string(text);
    return ReplaceInvalidUtf8(text);
}

}  // namespace opsteward::vuln
