#include "platform/console/testing/page_faults.hpp"

#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "html/gumbo_document.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console::testing {

namespace {

using html::GumboDocument;

std::size_t CountParseErrors(std::string_view page) {
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = -1;
    GumboOutput* output = gumbo_parse_with_options(&options, page.data(), page.size());
    const std::size_t count = output->errors.length;
    gumbo_destroy_output(&options, output);
    return count;
}

bool HasToken(const GumboNode* node) {
    if (node->type != GUMBO_NODE_ELEMENT) return false;
    if (GumboDocument::Attribute(node, "name") == "csrf") return true;
    bool has = false;
    GumboDocument::ForEachChild(node, [&](const GumboNode* child) { has = has || HasToken(child); });
    return has;
}

class PageCheck {
  public:
    std::vector<std::string> Check(std::string_view page) {
        if (const std::size_t count = CountParseErrors(page); count > 0) Fault(fmt::format("{} parse errors", count));
        const GumboDocument document(page);
        document.ForEachElement([this](const GumboNode* node) { CheckElement(node); });
        for (const auto& [id, count] : ids_) {
            if (count > 1) Fault(fmt::format("the id {} stands {} times", id, count));
        }
        for (const std::string& id : wanted_ids_) {
            if (!ids_.contains(id)) Fault(fmt::format("nothing has the id {} that is referred to", id));
        }
        for (const std::string& id : controls_) {
            if (!labelled_.contains(id)) Fault(fmt::format("the control {} has no label", id));
        }
        if (headings_ != 1) Fault(fmt::format("{} h1 elements", headings_));
        return std::move(faults_);
    }

  private:
    void Fault(std::string what) { faults_.push_back(std::move(what)); }

    void CheckElement(const GumboNode* node) {
        const std::string tag = GumboDocument::Tag(node);
        const auto attribute = [node](std::string_view name) { return GumboDocument::Attribute(node, name); };
        if (const auto id = attribute("id")) ++ids_[*id];
        for (const std::string_view name : {"for", "aria-describedby", "aria-labelledby", "popovertarget"}) {
            std::istringstream words(attribute(name).value_or(""));
            for (std::string word; words >> word;) wanted_ids_.insert(word);
        }
        if (tag == "h1") ++headings_;
        if (tag == "style" || attribute("style")) Fault("a style of its own");
        if (tag == "script" && !GumboDocument::Text(node).empty()) Fault("a script of its own");
        if (tag == "form" && attribute("method") == "post" && !HasToken(node))
            Fault("a form without the token: " + attribute("action").value_or(""));
        if (tag == "label") labelled_.insert(attribute("for").value_or(""));
        if (tag == "use") CheckIcon(attribute("href").value_or(""));
        CheckControl(node, tag);
    }

    void CheckControl(const GumboNode* node, const std::string& tag) {
        if (tag != "input" && tag != "select" && tag != "textarea") return;
        const std::string type = GumboDocument::Attribute(node, "type").value_or("");
        const bool is_named_otherwise =
            type == "hidden" || type == "radio" || type == "checkbox" || GumboDocument::Attribute(node, "aria-label");
        if (!is_named_otherwise) controls_.insert(GumboDocument::Attribute(node, "id").value_or("without an id"));
    }

    void CheckIcon(const std::string& href) {
        const std::string name = href.substr(href.find('#') + 1);
        if (!web::HasIcon(name)) Fault("the sprite has no icon " + name);
    }

    std::vector<std::string> faults_;
    std::map<std::string, int> ids_;
    std::set<std::string> wanted_ids_;
    std::set<std::string> controls_;
    std::set<std::string> labelled_;
    int headings_ = 0;
};

}  // namespace

std::vector<std::string> PageFaults(std::string_view page) {
    return PageCheck().Check(page);
}

std::string PageText(std::string_view page) {
    const GumboDocument document(page);
    std::string text;
    document.ForEachElement([&](const GumboNode* node) {
        if (GumboDocument::Tag(node) == "body") text = GumboDocument::Text(node);
    });
    return text;
}

}  // namespace opsteward::console::testing
