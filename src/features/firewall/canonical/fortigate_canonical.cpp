// The canonical text of a FortiOS configuration.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "features/firewall/canonical/redact_parts.hpp"
#include "features/firewall/formats/fortigate/secrets.hpp"
#include "features/firewall/formats/fortigate/text.hpp"
#include "features/firewall/formats/secret_mark.hpp"

namespace opsteward::firewall {

namespace {

/// Follows the nesting as far as it is needed for indenting, and for the name of the section at the top.
class Nesting {
  public:
    std::size_t depth() const { return open_.size(); }
    /// The first section below `config global` and `config vdom` / `edit …`; empty outside.
    const std::string& section() const { return section_; }

    void Open(bool is_entry, const std::vector<FortigateWord>& words) {
        if (!is_entry && section_.empty()) {
            std::string name;
            for (std::size_t i = 1; i < words.size(); ++i) name += (i > 1 ? " " : "") + words[i].text;
            const bool is_scope = name == "global" || name == "vdom";
            if (!is_scope) {
                section_ = name;
                section_depth_ = open_.size();
            }
        }
        open_.push_back(is_entry);
    }
    void CloseEntry() {
        if (!open_.empty() && open_.back()) Pop();
    }
    void CloseSection() {
        CloseEntry();
        if (!open_.empty()) Pop();
    }

  private:
    void Pop() {
        open_.pop_back();
        if (open_.size() <= section_depth_) section_.clear();
    }

    std::vector<bool> open_;
    std::string section_;
    std::size_t section_depth_ = 0;
};

/// "#config-version=FGVMK6-6.4.4-…:user=admin" → "…:user=*"; file version and key check say nothing of the configuration.
std::string CanonicalComment(std::string_view comment, std::string_view hash_key) {
    static constexpr std::array<std::string_view, 3> kVolatile{"#conf_file_ver=", "#private-encryption-key=", "#global_vdom_ver="};
    static constexpr std::array<std::string_view, 2> kPlain{"#buildno=", "#global_vdom="};
    static constexpr std::string_view kVersion = "#config-version=";
    static constexpr std::string_view kUser = ":user=";
    for (const std::string_view name : kVolatile) {
        if (comment.starts_with(name)) return std::string(name) + "*";
    }
    if (comment.starts_with(kVersion)) {
        const std::size_t user = comment.find(kUser);
        if (user != std::string_view::npos) return std::string(comment.substr(0, user + kUser.size())) + "*";
        return std::string(comment);
    }
    for (const std::string_view name : kPlain) {
        const std::string_view number = comment.substr(std::min(name.size(), comment.size()));
        if (comment.starts_with(name) && number.find_first_not_of("0123456789") == std::string_view::npos) return std::string(comment);
    }
    return RedactLooseFortigateLine(comment, hash_key);
}

class Canonical {
  public:
    explicit Canonical(std::string_view hash_key) : hash_key_(hash_key) {}

    std::string Of(std::string_view text) {
        FortigateCommands commands(text);
        while (const auto command = commands.Next()) Take(*command, text.substr(command->begin, command->end - command->begin));
        return std::move(out_);
    }

  private:
    void Line(std::size_t depth, const std::string& line) {
        static constexpr std::size_t kIndent = 4;
        static constexpr std::size_t kDeepestIndent = 8;  // levels; deeper ones stay there, so that the text does not grow with the square of the depth
        out_.append(std::min(depth, kDeepestIndent) * kIndent, ' ');
        out_ += line;
        out_.push_back('\n');
    }

    void Take(const FortigateCommand& command, std::string_view raw) {
        if (command.is_comment) {
            Line(nesting_.depth(), CanonicalComment(raw, hash_key_));
            return;
        }
        static constexpr std::size_t kLongest = 1U << 20;
        const std::string verb(FortigateVerb(raw.substr(0, kLongest)));
        if (raw.size() > kLongest) {  // no command of FortiOS's: as one mark, so that its words need no memory
            Line(nesting_.depth(), SecretMark(raw, hash_key_));
            return;
        }
        if (verb == "set" || verb == "append" || verb == "unset" || verb == "select" || verb == "unselect") {
            std::vector<FortigateWord> words = FortigateWords(raw);
            RedactFortigateWords(nesting_.section(), words, hash_key_);
            if (words.size() > 2 && IsVolatileFortigateSetting(words[1].text)) words = {words[0], words[1], {"*", false}};
            Line(nesting_.depth(), FortigateLine(words));
        } else if (verb == "config" || verb == "edit") {
            Line(nesting_.depth(), RedactLooseFortigateLine(raw, hash_key_));
            nesting_.Open(verb == "edit", FortigateWords(raw));
        } else if (verb == "next") {
            nesting_.CloseEntry();
            Line(nesting_.depth(), verb);
        } else if (verb == "end") {
            nesting_.CloseSection();
            Line(nesting_.depth(), verb);
        } else if (!IsFortigatePrompt(raw)) {
            Line(nesting_.depth(), RedactLooseFortigateLine(raw, hash_key_));
        }
    }

    std::string_view hash_key_;
    Nesting nesting_;
    std::string out_;
};

}  // namespace

std::string CanonicalFortigate(std::string_view text, std::string_view hash_key) { return Canonical(hash_key).Of(text); }

}  // namespace opsteward::firewall
