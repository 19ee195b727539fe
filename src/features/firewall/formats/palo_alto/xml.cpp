#include "features/firewall/formats/palo_alto/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

constexpr unsigned kOptions =
    pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute | pugi::parse_doctype | pugi::parse_embed_pcdata;
/// Of "<" and of "=", each: as many as the tree of words could take.
constexpr std::ptrdiff_t kMaxMarks = 2 * static_cast<std::ptrdiff_t>(WordTree::kMaxNodes) + 1000;

std::size_t LineAt(std::string_view text, std::size_t offset) {
    return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

/// What PAN-OS and Panorama write down about who changed an element, whence it came and in which form.
bool IsManagement(std::string_view attribute) {
    static constexpr std::array<std::string_view, 20> kKnown{"admin", "cmd",         "code",      "count",    "detail-version", "dirtyId", "loc",
                                                             "ltype", "override",    "overrides", "panorama", "ptpl",           "src",     "status",
                                                             "time",  "total-count", "type",      "urldb",    "xml:lang",       "xmlns"};
    return std::ranges::find(kKnown, attribute) != kKnown.end();
}

class TreeMaker {
  public:
    TreeMaker(std::string_view text, WordTree& tree, ReaderNotes& notes) : text_(text), tree_(tree), notes_(notes) {}

    void Make(pugi::xml_node root) {
        // Step by step instead of by recursion: the depth is what is in doubt.
        std::vector<WordTree::Id> path{0};
        Enter(root, path);
        for (pugi::xml_node node = root; node && !tree_.is_full();) {
            if (const pugi::xml_node child = FirstElement(node.first_child())) {
                node = child;
                Enter(node, path);
                continue;
            }
            while (node != root && !FirstElement(node.next_sibling())) {
                node = node.parent();
                path.pop_back();
            }
            if (node == root) break;
            node = FirstElement(node.next_sibling());
            path.pop_back();
            Enter(node, path);
        }
    }

  private:
    static pugi::xml_node FirstElement(pugi::xml_node node) {
        while (node && node.type() != pugi::node_element) node = node.next_sibling();
        return node;
    }
    /// Nodes come in the order of the text.
    std::size_t LineOf(pugi::xml_node node) {
        const auto offset = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)), text_.size());
        if (offset > counted_) {
            line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(counted_, offset - counted_), '\n'));
            counted_ = offset;
        }
        return line_;
    }
    WordTree::Id Add(WordTree::Id parent, std::string_view word, std::size_t line) {
        return parent == WordTree::kNone ? parent : tree_.Add(parent, word, line);
    }
    std::string_view Kept(std::string_view word) { return tree_.Keep(std::string(word)); }

    void Enter(pugi::xml_node node, std::vector<WordTree::Id>& path) {
        const std::size_t line = LineOf(node);
        const std::string_view tag = node.name();
        const WordTree::Id parent = path.back();
        WordTree::Id self = parent;
        const bool is_wrapping = parent == 0 && (tag == "response" || tag == "result" || tag == "config");
        const std::string_view name = node.attribute("name").value();
        if (tag == "member") {
            self = Add(parent, Kept(Trim(node.child_value())), line);
        } else if (!is_wrapping) {
            self = Add(parent, Kept(tag == "entry" && !name.empty() ? name : tag), line);
        }
        path.push_back(self);
        ReadAttributes(node, self, line);
        if (tag == "member" || is_wrapping || FirstElement(node.first_child())) return;
        const std::string_view value = Trim(node.child_value());
        if (!value.empty()) Add(self, Kept(value), line);
    }
    void ReadAttributes(pugi::xml_node node, WordTree::Id self, std::size_t line) {
        for (const pugi::xml_attribute attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (name == "uuid" || (name == "version" && self == 0)) {
                Add(Add(self, Kept(name), line), Kept(attribute.value()), line);
            } else if (name != "name" && name != "version" && !IsManagement(name)) {
                notes_.NotUnderstood(line, fmt::format("<{} {}=\"{}\">", node.name(), name, attribute.value()));
            }
        }
    }

    std::string_view text_;
    WordTree& tree_;
    ReaderNotes& notes_;
    std::size_t counted_ = 0;
    std::size_t line_ = 1;
};

}  // namespace

Result<void> ReadPaloAltoXml(std::string_view text, WordTree& tree, ReaderNotes& notes) {
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
        const std::size_t line = LineAt(text, zero);
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("第 {} 行有 NUL 位元組，不是 XML 文字；請重新匯出設定。", line),
                         fmt::format("Line {} has a NUL byte: this is no XML text. Export the configuration again.", line));
    }
    for (const char mark : {'<', '='}) {
        if (std::ranges::count(text, mark) > kMaxMarks) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("XML 的元素或屬性超過 {} 個。", kMaxMarks),
                             fmt::format("The XML has more than {} elements or attributes.", kMaxMarks));
        }
    }
    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size(), kOptions, pugi::encoding_utf8);
    if (parsed.status == pugi::status_out_of_memory)
        return Error::Of(ErrorCode::kTooLarge, "記憶體不足以讀取這份 XML。", "There is not enough memory for this XML.");
    if (!parsed) {
        const std::size_t line = LineAt(text, static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0)));
        return Error::Of(
            ErrorCode::kInvalidInput, fmt::format("XML 在第 {} 行不正確或提前結束；請重新匯出設定。", line),
            fmt::format("The XML is not well formed or ends too early at line {}: {}. Export the configuration again.", line, parsed.description()));
    }
    for (const pugi::xml_node node : document.children()) {
        if (node.type() != pugi::node_doctype || std::string_view(node.value()).find("<!") == std::string_view::npos) continue;
        return Error::Of(ErrorCode::kInvalidInput, "XML 的 DOCTYPE 自行宣告了實體或元素，基於安全不予讀取；PAN-OS 的設定沒有這種宣告。",
                         "The XML's DOCTYPE declares entities or elements of its own, which is not read for safety; no configuration of PAN-OS has such.");
    }
    const pugi::xml_node root = document.document_element();
    if (!root) return Error::Of(ErrorCode::kInvalidInput, "第 1 行：XML 中沒有任何元素。", "Line 1: the XML has no element.");
    for (pugi::xml_node node = root.next_sibling(); node; node = node.next_sibling()) {
        if (node.type() != pugi::node_element) continue;
        const std::size_t line = LineAt(text, static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)));
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("第 {} 行開始另一份 XML；一個檔案只能有一份設定。", line),
                         fmt::format("A second document begins at line {} of the XML; a file holds one configuration.", line));
    }
    TreeMaker(text, tree, notes).Make(root);
    return Ok();
}

}  // namespace opsteward::firewall
