#include "features/firewall/formats/opnsense/xml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

Error TooMuch(std::string zh, std::string en) { return Error::Of(ErrorCode::kTooLarge, std::move(zh), std::move(en)); }

}  // namespace

std::size_t OpnsenseXml::LineAt(std::ptrdiff_t offset) const {
    if (offset < 0) return 0;
    return static_cast<std::size_t>(std::ranges::lower_bound(ends_, static_cast<std::size_t>(offset)) - ends_.begin()) + 1;
}

Result<std::unique_ptr<OpnsenseXml>> OpnsenseXml::Parse(std::string_view text) {
    if (static_cast<std::size_t>(std::ranges::count(text, '<')) > kMaxElements) {
        return TooMuch(fmt::format("XML 的元素超過 {} 個。", kMaxElements), fmt::format("The XML has more than {} elements.", kMaxElements));
    }
    std::unique_ptr<OpnsenseXml> xml(new OpnsenseXml());
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) xml->ends_.push_back(at);
    const pugi::xml_parse_result parsed =
        xml->document_.load_buffer(text.data(), text.size(), pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol, pugi::encoding_utf8);
    if (!parsed) {
        const std::size_t line = xml->LineAt(parsed.offset);
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("XML 在第 {} 行不正確或提前結束。", line),
                         fmt::format("The XML is not well formed or ends too early at line {}: {}.", line, parsed.description()));
    }
    const std::string_view name = xml->root().name();
    if (name != "opnsense" && name != "pfsense") {
        const std::size_t line = xml->LineOf(xml->root());
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("第 {} 行的根元素不是 <opnsense> 或 <pfsense>。", line),
                         fmt::format("The root element at line {} is neither <opnsense> nor <pfsense>.", line));
    }
    // Step by step instead of by recursion: the depth is what is in doubt.
    std::size_t depth = 1;
    for (pugi::xml_node node = xml->root(); node;) {
        if (node.first_child()) {
            node = node.first_child();
            if (++depth > kMaxDepth) {
                return TooMuch(fmt::format("第 {} 行的 XML 超過 {} 層。", xml->LineOf(node), kMaxDepth),
                               fmt::format("At line {} the XML is nested more than {} levels deep.", xml->LineOf(node), kMaxDepth));
            }
            continue;
        }
        while (node != xml->root() && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        node = node == xml->root() ? pugi::xml_node() : node.next_sibling();
    }
    return xml;
}

std::string_view ChildText(pugi::xml_node node, const char* name) { return Trim(node.child(name).child_value()); }

bool ChildSaysYes(pugi::xml_node node, const char* name) {
    const pugi::xml_node child = node.child(name);
    const std::string_view value = Trim(child.child_value());
    return child && value != "0" && value != "no";
}

}  // namespace opsteward::firewall
