#include "features/firewall/model/named_values.hpp"

#include <algorithm>
#include <utility>

namespace opsteward::firewall {

namespace {

Error Wrong(const std::string& zh, const std::string& en) { return Error::Of(ErrorCode::kInvalidInput, zh, en); }

}  // namespace

Result<NamedValues> NamedValues::Parse(std::string_view text) {
    NamedValues parsed;
    for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos; at = text.find_first_not_of(' ', at)) {
        const std::size_t begin = at;
        const std::size_t name_end = std::min(text.find_first_of("= ", at), text.size());
        at = std::min(name_end + 1, text.size());
        const bool is_quoted = at < text.size() && text[at] == '"' && text[name_end] == '=';
        std::string value;
        bool is_whole = !is_quoted;
        if (is_quoted) {
            for (++at; at < text.size() && !is_whole; ++at) {
                is_whole = text[at] == '"';
                if (text[at] == '\\' && at + 1 < text.size()) ++at;
                if (!is_whole) value += text[at];
            }
        } else if (name_end < text.size() && text[name_end] == '=') {
            const std::size_t end = std::min(text.find(' ', at), text.size());
            value = text.substr(at, end - at);
            at = end;
        }
        const std::string part(text.substr(begin, at - begin));
        if (value.empty() || !is_whole || name_end == begin) return Wrong("「" + part + "」不是 名稱=值。", "\"" + part + "\" is not name=value.");
        const std::string name(text.substr(begin, name_end - begin));
        if (!parsed.values_.emplace(name, std::move(value)).second) return Wrong("「" + name + "」出現兩次。", "\"" + name + "\" is there twice.");
    }
    return parsed;
}

std::string QuotedValue(std::string_view value) {
    if (value.find_first_of(" \"\\") == std::string_view::npos) return std::string(value);
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::optional<std::string> NamedValues::Take(const std::string& name) {
    auto node = values_.extract(name);
    if (node.empty()) return std::nullopt;
    return std::move(node.mapped());
}

Result<void> NamedValues::ExpectNoOthers() const {
    if (values_.empty()) return Ok();
    const std::string& name = values_.begin()->first;
    return Wrong("不認得或用不上「" + name + "」。", "\"" + name + "\" is not known, or has no meaning here.");
}

}  // namespace opsteward::firewall
