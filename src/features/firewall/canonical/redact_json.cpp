// Secrets in JSON. The text is not parsed into a document, so that a damaged one is redacted as well.
#include <algorithm>

#include "features/firewall/canonical/redact_parts.hpp"
#include "features/firewall/canonical/secret_names.hpp"
#include "features/firewall/formats/secret_mark.hpp"
#include "features/firewall/formats/secret_shapes.hpp"

namespace opsteward::firewall {

namespace {

class JsonRedactor {
  public:
    JsonRedactor(std::string_view text, std::string_view hash_key) : text_(text), hash_key_(hash_key) {}

    std::string Run() {
        for (std::size_t at = 0; at < text_.size();) {
            const char c = text_[at];
            if (c == '"') {
                at = String(at);
            } else if (IsScalarByte(c)) {
                at = Scalar(at);
            } else {
                if (c == '{' || c == '[') Open();
                if (c == '}' || c == ']') Close();
                if (c == ',' && depth_ == 0) is_secret_ = false;
                out_.push_back(c);
                ++at;
            }
        }
        return std::move(out_);
    }

  private:
    static bool IsScalarByte(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.'; }

    // depth_ counts what is open within the value of a secret name.
    void Open() {
        if (is_secret_) ++depth_;
    }
    void Close() {
        if (depth_ > 0) --depth_;
        if (depth_ == 0) is_secret_ = false;
    }

    std::size_t String(std::size_t at) {
        std::size_t end = at + 1;
        while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
        end = std::min(end, text_.size());
        const std::string_view content = text_.substr(at + 1, end - at - 1);
        const std::size_t after = std::min(end + 1, text_.size());
        const std::size_t next = text_.find_first_not_of(" \t\r\n", after);
        const bool is_name = next != std::string_view::npos && text_[next] == ':';
        out_.push_back('"');
        if (is_secret_ && !is_name && !content.empty()) {
            out_ += SecretMark(content, hash_key_);
        } else {
            out_ += RedactShapes(content, hash_key_);
        }
        out_.append(text_.substr(end, after - end));
        if (is_name && depth_ == 0) is_secret_ = IsSecretName(content);
        return after;
    }

    /// Numbers can be secrets too.
    std::size_t Scalar(std::size_t at) {
        std::size_t end = at;
        while (end < text_.size() && IsScalarByte(text_[end])) ++end;
        const std::string_view content = text_.substr(at, end - at);
        const bool is_word = content == "true" || content == "false" || content == "null";
        out_ += is_secret_ && !is_word ? '"' + SecretMark(content, hash_key_) + '"' : std::string(content);
        return end;
    }

    std::string_view text_;
    std::string_view hash_key_;
    std::string out_;
    bool is_secret_ = false;
    std::size_t depth_ = 0;
};

}  // namespace

std::string RedactJson(std::string_view text, std::string_view hash_key) {
    // Once more by the shapes alone, for what a damaged text has outside its strings.
    return RedactShapes(JsonRedactor(text, hash_key).Run(), hash_key);
}

}  // namespace opsteward::firewall
