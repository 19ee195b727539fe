#include "features/vulnerabilities/scan_reports/json_reading.hpp"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>

#include "base/text.hpp"

namespace opsteward::scans {
namespace {

/// Takes no notice of what is read: only the place of the mistake matters.
struct NoHandler {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    using Code = boost::system::error_code;
    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return true; }
    bool on_object_end(std::size_t, Code&) { return true; }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t, Code&) { return true; }
    bool on_key_part(boost::json::string_view, std::size_t, Code&) { return true; }
    bool on_key(boost::json::string_view, std::size_t, Code&) { return true; }
    bool on_string_part(boost::json::string_view, std::size_t, Code&) { return true; }
    bool on_string(boost::json::string_view, std::size_t, Code&) { return true; }
    bool on_number_part(boost::json::string_view, Code&) { return true; }
    bool on_int64(std::int64_t, boost::json::string_view, Code&) { return true; }
    bool on_uint64(std::uint64_t, boost::json::string_view, Code&) { return true; }
    bool on_double(double, boost::json::string_view, Code&) { return true; }
    bool on_bool(bool, Code&) { return true; }
    bool on_null(Code&) { return true; }
    bool on_comment_part(boost::json::string_view, Code&) { return true; }
    bool on_comment(boost::json::string_view, Code&) { return true; }
};

/// An array and an object without members: the library's own default ones can't be walked through.
struct EmptyOnes {
    simdjson::dom::parser array_parser;
    simdjson::dom::parser object_parser;
    simdjson::dom::array array;
    simdjson::dom::object object;

    static const EmptyOnes& Get() {
        static const EmptyOnes kOnes;
        return kOnes;
    }

  private:
    EmptyOnes() {
        [[maybe_unused]] const auto array_code = array_parser.parse(std::string_view("[]")).get(array);
        [[maybe_unused]] const auto object_code = object_parser.parse(std::string_view("{}")).get(object);
    }
};

struct Mistake {
    std::size_t at = 0;
    bool is_depth = false;
};

/// Where a text that the fast reader refused goes wrong: that one does not tell.
Mistake FindMistake(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = kMaxJsonDepth;
    boost::json::basic_parser<NoHandler> parser(options);
    boost::system::error_code failure;
    const std::size_t at = parser.write_some(false, text.data(), text.size(), failure);
    return {at, failure == boost::json::error::too_deep};
}

Error NoJson(std::string_view text, simdjson::error_code code) {
    const auto [at, is_depth] = FindMistake(text);
    if (code == simdjson::DEPTH_ERROR || is_depth) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("JSON 的層數超過 {}。", kMaxJsonDepth),
                         fmt::format("The JSON is nested more than {} levels deep.", kMaxJsonDepth));
    }
    if (code == simdjson::MEMALLOC) return Error::Of(ErrorCode::kTooLarge, "記憶體不足以讀取這份 JSON。", "There is not enough memory for this JSON.");
    if (at >= text.size()) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("JSON 在第 {} 位元組處提前結束；檔案不完整。", text.size()),
                         fmt::format("The JSON ends too early, at byte {}: the file is incomplete.", text.size()));
    }
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("JSON 在第 {} 位元組處（共 {} 位元組）不正確。", at, text.size()),
                     fmt::format("The JSON is not valid at byte {} of {}: {}.", at, text.size(), simdjson::error_message(code)));
}

}  // namespace

Result<std::unique_ptr<JsonDocument>> JsonDocument::Parse(std::string utf8) {
    if (utf8.size() > kMaxJsonBytes) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("JSON 報告超過 {}。", FormatBytes(kMaxJsonBytes)),
                         fmt::format("The JSON report is larger than {}.", FormatBytes(kMaxJsonBytes)));
    }
    auto document = std::make_unique<JsonDocument>();
    simdjson::error_code code = document->parser_.allocate(utf8.size(), kMaxJsonDepth);
    const std::size_t size = utf8.size();
    if (code == simdjson::SUCCESS) {
        utf8.resize(size + simdjson::SIMDJSON_PADDING);
        code = document->parser_.parse(utf8.data(), size, false).get(document->root_);
    }
    if (code != simdjson::SUCCESS) return NoJson(std::string_view(utf8).substr(0, size), code);
    return document;
}

std::optional<JsonValue> MemberOf(std::optional<JsonValue> value, std::string_view key) {
    JsonValue found;
    if (!value || !value->is_object() || value->at_key(key).get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
    return found;
}

std::string_view StringOf(std::optional<JsonValue> value) {
    std::string_view text;
    if (!value || value->get_string().get(text) != simdjson::SUCCESS) return {};
    return Trim(text);
}

std::string_view StringOf(std::optional<JsonValue> value, std::string_view key) {
    return StringOf(MemberOf(value, key));
}

std::optional<double> NumberOf(std::optional<JsonValue> value, std::string_view key) {
    const auto member = MemberOf(value, key);
    double number = 0;
    if (!member || member->get_double().get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
}

std::optional<std::uint32_t> CountOf(std::optional<JsonValue> value, std::string_view key) {
    const auto member = MemberOf(value, key);
    std::int64_t number = 0;
    if (!member || member->get_int64().get(number) != simdjson::SUCCESS || number < 0 || number > INT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(number);
}

std::optional<bool> BoolOf(std::optional<JsonValue> value, std::string_view key) {
    const auto member = MemberOf(value, key);
    bool is_true = false;
    if (!member || member->get_bool().get(is_true) != simdjson::SUCCESS) return std::nullopt;
    return is_true;
}

simdjson::dom::array ElementsOf(std::optional<JsonValue> value) {
    simdjson::dom::array elements;
    if (value && value->get_array().get(elements) == simdjson::SUCCESS) return elements;
    return EmptyOnes::Get().array;
}

simdjson::dom::array ElementsOf(std::optional<JsonValue> value, std::string_view key) {
    return ElementsOf(MemberOf(value, key));
}

simdjson::dom::object MembersOf(std::optional<JsonValue> value, std::string_view key) {
    const auto member = MemberOf(value, key);
    simdjson::dom::object members;
    if (member && member->get_object().get(members) == simdjson::SUCCESS) return members;
    return EmptyOnes::Get().object;
}

bool IsArray(std::optional<JsonValue> value) {
    return value && value->is_array();
}
bool IsObject(std::optional<JsonValue> value) {
    return value && value->is_object();
}

}  // namespace opsteward::scans
