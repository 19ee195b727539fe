// JSON texts, one after the other, as a tree that knows the line of each value.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/formats/sibling_range.hpp"

namespace opsteward::firewall {

class JsonNode;

class LinedJson {
  public:
    using Id = std::uint32_t;
    static constexpr Id kNone = 0xFFFFFFFF;
    static constexpr std::size_t kMaxNodes = 6'000'000;
    static constexpr std::size_t kMaxDepth = 64;

    /// RFC 8259; blanks and commas between the texts. kInvalidInput with the line of the first mistake, or where the text ends too early; kTooLarge above the
    /// limits. `text` must outlive the tree. Of an object's members of one name the last counts.
    static Result<LinedJson> Parse(std::string_view text);

    std::vector<JsonNode> roots() const;

  private:
    friend class JsonNode;
    friend class JsonReader;
    enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
    struct Node {
        std::string_view key;   ///< of an object's member
        std::string_view text;  ///< of what is neither array nor object: a string without its escapes, else as written
        Id first = kNone;
        Id next = kNone;
        std::uint32_t line = 0;
        Kind kind = Kind::kNull;
    };

    std::vector<Node> nodes_;
    std::vector<Id> roots_;
    std::deque<std::string> kept_;
};

/// A value; none where it tests false.
class JsonNode {
  public:
    JsonNode() = default;
    JsonNode(const LinedJson* tree, LinedJson::Id id) : tree_(tree), id_(id) {}

    explicit operator bool() const { return id_ != LinedJson::kNone; }
    LinedJson::Id id() const { return id_; }
    bool is_object() const { return Is(LinedJson::Kind::kObject); }
    bool is_array() const { return Is(LinedJson::Kind::kArray); }
    bool is_string() const { return Is(LinedJson::Kind::kString); }
    /// Neither null nor none.
    bool has_value() const { return *this && !Is(LinedJson::Kind::kNull); }
    std::size_t line() const { return *this ? tree_->nodes_[id_].line : 0; }
    std::string_view key() const { return *this ? tree_->nodes_[id_].key : std::string_view(); }
    /// Of a string, number or literal; null's is empty.
    std::string_view text() const { return has_value() ? tree_->nodes_[id_].text : std::string_view(); }
    bool is_true() const { return Is(LinedJson::Kind::kBool) && text() == "true"; }
    /// Of an array or object.
    SiblingRange<JsonNode> children() const { return SiblingRange(*this ? JsonNode(tree_, tree_->nodes_[id_].first) : JsonNode()); }
    /// What follows it in its array or object.
    JsonNode next() const { return *this ? JsonNode(tree_, tree_->nodes_[id_].next) : JsonNode(); }
    bool is_empty() const { return !*this || tree_->nodes_[id_].first == LinedJson::kNone; }
    /// The member of that name. Linear in the object's members.
    JsonNode operator[](std::string_view key) const;

  private:
    bool Is(LinedJson::Kind kind) const { return *this && tree_->nodes_[id_].kind == kind; }

    const LinedJson* tree_ = nullptr;
    LinedJson::Id id_ = LinedJson::kNone;
};

}  // namespace opsteward::firewall
