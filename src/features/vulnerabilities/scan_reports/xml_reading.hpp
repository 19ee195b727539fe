// XML of a report: read once into a tree, within limits, without any entity of the document's own.
#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::scans {

inline constexpr std::size_t kMaxXmlDepth = 200;
/// Of "<" and of "=", each: with the tree's nodes, a report of this size takes some 5 GiB.
inline constexpr std::size_t kMaxXmlMarks = 64'000'000;

class XmlDocument {
  public:
    /// kInvalidInput with the byte offset when it is not well formed or ends too early, has a document type that declares entities, or declares an
    /// encoding other than UTF-8 and its parts; kTooLarge above the limits. `utf8` becomes the store of the tree's texts.
    static Result<std::unique_ptr<XmlDocument>> Parse(std::string utf8);

    pugi::xml_node root() const { return document_.document_element(); }

  private:
    explicit XmlDocument(std::string utf8) : text_(std::move(utf8)) {}

    std::string text_;
    pugi::xml_document document_;
};

/// Without the prefix of its namespace.
std::string_view LocalName(pugi::xml_node node);
/// The first child element of that local name; none: the null node.
pugi::xml_node ChildOf(pugi::xml_node node, std::string_view local);
/// Own text with that of the elements in it, trimmed.
std::string TextOf(pugi::xml_node node);
/// TextOf(ChildOf()), where the child holds text alone: no copy.
std::string_view PlainText(pugi::xml_node node, std::string_view local);
/// Trimmed; empty when there is none.
std::string_view AttributeOf(pugi::xml_node node, const char* name);
/// "element ReportItem at byte 4711"
std::string PlaceOf(pugi::xml_node node);

}  // namespace opsteward::scans
