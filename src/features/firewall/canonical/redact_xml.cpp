// Secrets in XML. The text is not parsed into a document, so that a damaged one is redacted as well.
#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "features/firewall/canonical/redact_parts.hpp"
#include "features/firewall/canonical/secret_names.hpp"
#include "features/firewall/formats/secret_mark.hpp"
#include "features/firewall/formats/secret_shapes.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kCdata = "<![CDATA[";

class XmlRedactor {
  public:
    XmlRedactor(std::string_view text, std::string_view hash_key) : text_(text), hash_key_(hash_key) {}

    std::string Run() {
        std::size_t at = 0;
        while (at < text_.size()) {
            if (text_[at] != '<') {
                const std::size_t end = std::min(text_.find('<', at), text_.size());
                CharacterData(text_.substr(at, end - at));
                at = end;
            } else if (text_.substr(at, kCdata.size()) == kCdata) {
                at = PassSpecial(at, kCdata, "]]>", true);
            } else if (text_.substr(at, 4) == "<!--") {
                at = PassSpecial(at, "<!--", "-->", true);
            } else {
                at = Tag(at);
            }
        }
        return std::move(out_);
    }

  private:
    /// White space around it stays.
    void CharacterData(std::string_view data) {
        const std::size_t first = data.find_first_not_of(kSpace);
        if (first == std::string_view::npos || secret_depth_ == 0) {
            out_ += RedactShapes(data, hash_key_);
            return;
        }
        const std::size_t last = data.find_last_not_of(kSpace);
        out_.append(data.substr(0, first));
        out_ += SecretMark(data.substr(first, last - first + 1), hash_key_);
        out_.append(data.substr(last + 1));
    }

    std::size_t PassSpecial(std::size_t at, std::string_view opening, std::string_view closing, bool has_data) {
        const std::size_t begin = at + opening.size();
        const std::size_t end = std::min(text_.find(closing, begin), text_.size());
        out_.append(opening);
        if (has_data) CharacterData(text_.substr(begin, end - begin));
        const std::size_t after = std::min(end + closing.size(), text_.size());
        out_.append(text_.substr(end, after - end));
        return after;
    }

    /// To the '>' outside quotation marks; a '<' stands in no tag, so that one ends a damaged tag.
    std::size_t EndOfTag(std::size_t at) const {
        char mark = '\0';
        for (; at < text_.size(); ++at) {
            const char c = text_[at];
            if (c == '<') return at;
            if (mark != '\0') {
                if (c == mark) mark = '\0';
            } else if (c == '"' || c == '\'') {
                mark = c;
            } else if (c == '>') {
                return at + 1;
            }
        }
        return text_.size();
    }

    std::size_t Tag(std::size_t at) {
        const std::size_t end = EndOfTag(at + 1);
        const std::string_view tag = text_.substr(at, end - at);
        const bool closes = tag.starts_with("</");
        const std::size_t name_begin = closes ? 2 : 1;
        const std::size_t name_end = std::min(tag.find_first_of(" \t\r\n/>", name_begin), tag.size());
        const std::string_view name = tag.substr(name_begin, name_end - name_begin);
        AppendTag(tag);
        if (closes) {
            Close(name);
        } else if (!tag.ends_with("/>") && !name.starts_with('?') && !name.starts_with('!')) {
            Open(name);
        }
        return end;
    }

    // Only elements within a secret one matter: an element with a secret's name opens it, and the end of the same name closes it.
    void Open(std::string_view name) {
        if (secret_depth_ > 0) {
            if (name == secret_name_) ++secret_depth_;
        } else if (IsSecretName(name)) {
            secret_name_ = name;
            secret_depth_ = 1;
        }
    }
    void Close(std::string_view name) {
        if (secret_depth_ > 0 && name == secret_name_) --secret_depth_;
    }

    /// name="value": marks in place of the values of secret names.
    void AppendTag(std::string_view tag) {
        static constexpr std::size_t kLongestName = 128;
        std::size_t copied = 0;
        for (std::size_t equals = tag.find('='); equals != std::string_view::npos && equals + 1 < tag.size(); equals = tag.find('=', equals + 1)) {
            const char mark = tag[equals + 1];
            if (mark != '"' && mark != '\'') continue;
            const std::size_t looked_at = std::max(copied, equals > kLongestName ? equals - kLongestName : 0);
            const std::size_t blank = tag.substr(looked_at, equals - looked_at).find_last_of(kSpace);
            const std::size_t closing = std::min(tag.find(mark, equals + 2), tag.size());
            const std::string_view value = tag.substr(equals + 2, closing - equals - 2);
            const bool is_secret =
                blank != std::string_view::npos && !value.empty() && IsSecretName(tag.substr(looked_at + blank + 1, equals - looked_at - blank - 1));
            out_.append(tag.substr(copied, equals + 2 - copied));
            out_ += is_secret ? SecretMark(value, hash_key_) : RedactShapes(value, hash_key_);
            copied = closing;
            equals = closing;
        }
        out_.append(tag.substr(copied));
    }

    std::string_view text_;
    std::string_view hash_key_;
    std::string out_;
    std::string_view secret_name_;
    std::size_t secret_depth_ = 0;
};

}  // namespace

std::string RedactXml(std::string_view text, std::string_view hash_key) {
    // Once more by the shapes alone, for what a damaged text has outside its character data.
    return RedactShapes(XmlRedactor(text, hash_key).Run(), hash_key);
}

}  // namespace opsteward::firewall
