#include "features/vulnerabilities/scan_reports/xml_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::scans {
namespace {

constexpr unsigned kOptions = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute | pugi::parse_doctype |
                              pugi::parse_declaration | pugi::parse_embed_pcdata;

Error TooMuch(std::string zh, std::string en) {
    return Error::Of(ErrorCode::kTooLarge, std::move(zh), std::move(en));
}

Result<void> CheckMarks(std::string_view text) {
    for (const char mark : {'<', '='}) {
        if (static_cast<std::size_t>(std::ranges::count(text, mark)) > kMaxXmlMarks) {
            return TooMuch(fmt::format("XML 的元素或屬性超過 {} 個；請分成較小的報告。", kMaxXmlMarks),
                           fmt::format("The XML has more than {} elements or attributes; export the report in smaller parts.", kMaxXmlMarks));
        }
    }
    return Ok();
}

Result<void> CheckPrologue(const pugi::xml_document& document) {
    for (const pugi::xml_node node : document.children()) {
        if (node.type() == pugi::node_doctype && std::string_view(node.value()).find("<!") != std::string_view::npos) {
            return Error::Of(ErrorCode::kInvalidInput, "XML 的 DOCTYPE 自行宣告了實體或元素，基於安全不予讀取；掃描工具的報告不需要這種宣告。",
                             "The XML's DOCTYPE declares entities or elements of its own, which is not read for safety; no scanner's report needs it.");
        }
        if (node.type() != pugi::node_declaration) continue;
        const std::string encoding = ToLowerAscii(node.attribute("encoding").value());
        // UTF-16 has become UTF-8 already.
        if (!encoding.empty() && encoding != "utf-8" && encoding != "utf8" && encoding != "us-ascii" && encoding != "ascii" && encoding != "utf-16") {
            const std::string shown = Shorten(encoding, 40);
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("XML 宣告的編碼是 {}；請先轉成 UTF-8。", shown),
                             fmt::format("The XML declares the encoding {}; convert it to UTF-8 first.", shown));
        }
    }
    return Ok();
}

/// Step by step instead of by recursion: the depth is what is in doubt.
Result<void> CheckDepth(pugi::xml_node root) {
    std::size_t depth = 1;
    for (pugi::xml_node node = root; node;) {
        if (node.first_child()) {
            node = node.first_child();
            if (++depth <= kMaxXmlDepth) continue;
            return TooMuch(fmt::format("XML 第 {} 位元組處的層數超過 {}。", node.offset_debug(), kMaxXmlDepth),
                           fmt::format("At byte {} the XML is nested more than {} levels deep.", node.offset_debug(), kMaxXmlDepth));
        }
        while (node != root && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        node = node == root ? pugi::xml_node() : node.next_sibling();
    }
    return Ok();
}

Result<void> CheckOneRoot(const pugi::xml_document& document) {
    if (!document.document_element()) {
        return Error::Of(ErrorCode::kInvalidInput, "XML 中沒有任何元素；檔案可能不完整。", "The XML has no element; the file may be incomplete.");
    }
    for (pugi::xml_node node = document.document_element().next_sibling(); node; node = node.next_sibling()) {
        if (node.type() != pugi::node_element) continue;
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("XML 第 {} 位元組處另有一份文件；一個檔案只能有一份報告。", node.offset_debug()),
                         fmt::format("A second document begins at byte {} of the XML; a file holds one report.", node.offset_debug()));
    }
    return Ok();
}

void AppendText(pugi::xml_node node, std::string& text) {
    text += node.value();
    for (const pugi::xml_node child : node.children()) AppendText(child, text);
}

}  // namespace

Result<std::unique_ptr<XmlDocument>> XmlDocument::Parse(std::string utf8) {
    OPS_CHECK(CheckMarks(utf8));
    std::unique_ptr<XmlDocument> xml(new XmlDocument(std::move(utf8)));
    const pugi::xml_parse_result parsed = xml->document_.load_buffer_inplace(xml->text_.data(), xml->text_.size(), kOptions, pugi::encoding_utf8);
    if (parsed.status == pugi::status_out_of_memory) return TooMuch("記憶體不足以讀取這份 XML。", "There is not enough memory for this XML.");
    if (!parsed) {
        return Error::Of(
            ErrorCode::kInvalidInput, fmt::format("XML 在第 {} 位元組處（共 {} 位元組）不正確或提前結束。", parsed.offset, xml->text_.size()),
            fmt::format("The XML is not well formed or ends too early at byte {} of {}: {}.", parsed.offset, xml->text_.size(), parsed.description()));
    }
    OPS_CHECK(CheckPrologue(xml->document_));
    OPS_CHECK(CheckOneRoot(xml->document_));
    OPS_CHECK(CheckDepth(xml->root()));
    return xml;
}

std::string_view LocalName(pugi::xml_node node) {
    const std::string_view name = node.name();
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node ChildOf(pugi::xml_node node, std::string_view local) {
    for (const pugi::xml_node child : node.children()) {
        if (child.type() == pugi::node_element && LocalName(child) == local) return child;
    }
    return {};
}

std::string TextOf(pugi::xml_node node) {
    std::string text;
    AppendText(node, text);
    return std::string(Trim(text));
}

std::string_view PlainText(pugi::xml_node node, std::string_view local) {
    return Trim(ChildOf(node, local).child_value());
}

std::string_view AttributeOf(pugi::xml_node node, const char* name) {
    return Trim(node.attribute(name).value());
}

std::string PlaceOf(pugi::xml_node node) {
    return fmt::format("<{}> @ {}", Shorten(node.name(), 60), node.offset_debug());
}

}  // namespace opsteward::scans
