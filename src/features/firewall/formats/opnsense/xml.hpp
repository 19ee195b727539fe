// config.xml of OPNsense and pfSense as a tree that knows its lines.
#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::firewall {

class OpnsenseXml {
  public:
    static constexpr std::size_t kMaxElements = 6'000'000;
    static constexpr std::size_t kMaxDepth = 100;

    /// kInvalidInput, naming the line, when it is not well formed, ends too early or its root is neither <opnsense> nor <pfsense>; kTooLarge above the limits.
    /// Entities that the document declares are not read.
    static Result<std::unique_ptr<OpnsenseXml>> Parse(std::string_view text);

    pugi::xml_node root() const { return document_.document_element(); }
    std::size_t LineOf(pugi::xml_node node) const { return LineAt(node.offset_debug()); }

  private:
    OpnsenseXml() = default;
    std::size_t LineAt(std::ptrdiff_t offset) const;

    pugi::xml_document document_;
    std::vector<std::size_t> ends_;  ///< of the lines
};

/// Of the first child of that name: trimmed; empty: there is none.
std::string_view ChildText(pugi::xml_node node, const char* name);
/// Whether there is such a child that does not say "0" or "no": an empty one says yes.
bool ChildSaysYes(pugi::xml_node node, const char* name);

}  // namespace opsteward::firewall
