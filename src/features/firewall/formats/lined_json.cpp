#include "features/firewall/formats/lined_json.hpp"

#include <fmt/format.h>

#include <optional>

namespace opsteward::firewall {

class JsonReader {
  public:
    JsonReader(std::string_view text, LinedJson& tree) : text_(text), tree_(tree) {}

    Result<void> Read() {
        SkipBetween();
        while (at_ < text_.size()) {
            const LinedJson::Id id = Value(1);
            if (id == LinedJson::kNone) return Mistake();
            tree_.roots_.push_back(id);
            SkipBetween();
        }
        return Ok();
    }

  private:
    using Id = LinedJson::Id;
    using Kind = LinedJson::Kind;

    Error Mistake() const {
        if (is_too_large_) {
            return Error::Of(ErrorCode::kTooLarge,
                             fmt::format("第 {} 行：JSON 的層數超過 {} 或值超過 {} 個。", line_, LinedJson::kMaxDepth, LinedJson::kMaxNodes),
                             fmt::format("Line {}: the JSON is nested more than {} levels deep or has more than {} values.", line_, LinedJson::kMaxDepth,
                                         LinedJson::kMaxNodes));
        }
        if (at_ >= text_.size()) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("JSON 在第 {} 行提前結束；請重新匯出。", line_),
                             fmt::format("The JSON ends too early, on line {}. Export it again.", line_));
        }
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("第 {} 行不是正確的 JSON。", line_), fmt::format("Line {} is not JSON.", line_));
    }

    void SkipBlanks() {
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\n') ++line_;
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return;
        }
    }
    void SkipBetween() {
        SkipBlanks();
        while (at_ < text_.size() && text_[at_] == ',') {
            ++at_;
            SkipBlanks();
        }
    }
    bool Take(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    Id Add(Kind kind) {
        if (tree_.nodes_.size() >= LinedJson::kMaxNodes) {
            is_too_large_ = true;
            return LinedJson::kNone;
        }
        LinedJson::Node node;
        node.kind = kind;
        node.line = static_cast<std::uint32_t>(line_);
        tree_.nodes_.push_back(node);
        return static_cast<Id>(tree_.nodes_.size() - 1);
    }

    /// kNone: a mistake.
    Id Value(std::size_t depth) {
        SkipBlanks();
        if (at_ >= text_.size()) return LinedJson::kNone;
        if (depth > LinedJson::kMaxDepth) {
            is_too_large_ = true;
            return LinedJson::kNone;
        }
        switch (text_[at_]) {
            case '{':
                return Container(depth, Kind::kObject, '}');
            case '[':
                return Container(depth, Kind::kArray, ']');
            case '"': {
                const Id id = Add(Kind::kString);
                const auto text = String();
                if (id == LinedJson::kNone || !text) return LinedJson::kNone;
                tree_.nodes_[id].text = *text;
                return id;
            }
            default:
                return Scalar();
        }
    }

    Id Container(std::size_t depth, Kind kind, char closing) {
        const Id id = Add(kind);
        if (id == LinedJson::kNone) return id;
        ++at_;
        SkipBlanks();
        if (Take(closing)) return id;
        Id last = LinedJson::kNone;
        while (true) {
            SkipBlanks();
            std::string_view key;
            if (kind == Kind::kObject) {
                if (at_ >= text_.size() || text_[at_] != '"') return LinedJson::kNone;
                const auto name = String();
                SkipBlanks();
                if (!name || !Take(':')) return LinedJson::kNone;
                key = *name;
            }
            const Id child = Value(depth + 1);
            if (child == LinedJson::kNone) return child;
            tree_.nodes_[child].key = key;
            (last == LinedJson::kNone ? tree_.nodes_[id].first : tree_.nodes_[last].next) = child;
            last = child;
            SkipBlanks();
            if (Take(closing)) return id;
            if (!Take(',')) return LinedJson::kNone;
        }
    }

    Id Scalar() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && ((text_[at_] >= 'a' && text_[at_] <= 'z') || (text_[at_] >= '0' && text_[at_] <= '9') || text_[at_] == '-' ||
                                      text_[at_] == '+' || text_[at_] == '.' || text_[at_] == 'E')) {
            ++at_;
        }
        const std::string_view word = text_.substr(begin, at_ - begin);
        const bool is_bool = word == "true" || word == "false";
        const bool is_number = !word.empty() && (word[0] == '-' || (word[0] >= '0' && word[0] <= '9')) && word.size() <= 400;
        if (!is_bool && !is_number && word != "null") {
            if (at_ < text_.size()) at_ = begin;
            return LinedJson::kNone;
        }
        const Id id = Add(is_bool ? Kind::kBool : is_number ? Kind::kNumber : Kind::kNull);
        if (id != LinedJson::kNone) tree_.nodes_[id].text = word;
        return id;
    }

    /// From its opening mark on. A raw line end within it is a mistake.
    std::optional<std::string_view> String() {
        const std::size_t begin = ++at_;
        while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' && text_[at_] != '\n') ++at_;
        if (at_ < text_.size() && text_[at_] == '"') return text_.substr(begin, at_++ - begin);
        std::string plain(text_.substr(begin, at_ - begin));
        while (at_ < text_.size() && text_[at_] != '\n') {
            const char c = text_[at_++];
            if (c == '"') return tree_.kept_.emplace_back(std::move(plain));
            if (c != '\\') {
                plain += c;
            } else if (!Escape(plain)) {
                return std::nullopt;
            }
        }
        return std::nullopt;
    }
    bool Escape(std::string& plain) {
        static constexpr std::string_view kMarks = "\"\\/bfnrt";
        static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        if (at_ >= text_.size()) return false;
        const char c = text_[at_++];
        if (const std::size_t mark = kMarks.find(c); mark != std::string_view::npos) {
            plain += kMeanings[mark];
            return true;
        }
        if (c != 'u') return false;
        auto unit = Unit();
        if (!unit) return false;
        std::uint32_t point = *unit;
        if (point >= 0xD800 && point < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
            const std::size_t before = at_;
            at_ += 2;
            unit = Unit();
            if (unit && *unit >= 0xDC00 && *unit < 0xE000) {
                point = 0x10000 + ((point - 0xD800) << 10U) + (*unit - 0xDC00);
            } else {
                at_ = before;
            }
        }
        AppendUtf8(point >= 0xD800 && point < 0xE000 ? 0xFFFD : point, plain);
        return true;
    }
    std::optional<std::uint32_t> Unit() {
        if (at_ + 4 > text_.size()) return std::nullopt;
        std::uint32_t unit = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = text_[at_++];
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) return std::nullopt;
            unit = unit << 4U | static_cast<std::uint32_t>(digit);
        }
        return unit;
    }
    static void AppendUtf8(std::uint32_t point, std::string& text) {
        const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
        if (point < 0x80) return add(point);
        if (point < 0x800) {
            add(0xC0U | point >> 6U);
        } else {
            if (point < 0x10000) {
                add(0xE0U | point >> 12U);
            } else {
                add(0xF0U | point >> 18U);
                add(0x80U | (point >> 12U & 0x3FU));
            }
            add(0x80U | (point >> 6U & 0x3FU));
        }
        add(0x80U | (point & 0x3FU));
    }

    std::string_view text_;
    LinedJson& tree_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    bool is_too_large_ = false;
};

Result<LinedJson> LinedJson::Parse(std::string_view text) {
    LinedJson tree;
    OPS_CHECK(JsonReader(text, tree).Read());
    return tree;
}

std::vector<JsonNode> LinedJson::roots() const {
    std::vector<JsonNode> roots;
    for (const Id id : roots_) roots.emplace_back(this, id);
    return roots;
}

JsonNode JsonNode::operator[](std::string_view key) const {
    JsonNode found;
    if (!is_object()) return found;
    for (const JsonNode member : children()) {
        if (member.key() == key) found = member;
    }
    return found;
}

}  // namespace opsteward::firewall
