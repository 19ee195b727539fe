#include "features/firewall/model/named_values.hpp"

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

Error Wrong(const std::string& zh, const std::string& en) { return Error::Of(ErrorCode::kInvalidInput, zh, en); }

}  // namespace

Result<NamedValues> NamedValues::Parse(std::string_view text) {
    NamedValues parsed;
    for (const std::string_view part : Split(text, ' ')) {
        if (Trim(part).empty()) continue;
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos || equals + 1 == part.size()) {
            return Wrong("「" + std::string(part) + "」不是 名稱=值。", "\"" + std::string(part) + "\" is not name=value.");
        }
        const std::string name(part.substr(0, equals));
        if (!parsed.values_.emplace(name, part.substr(equals + 1)).second) return Wrong("「" + name + "」出現兩次。", "\"" + name + "\" is there twice.");
    }
    return parsed;
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
