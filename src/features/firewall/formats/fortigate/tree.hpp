// FortiOS's configuration as a tree of sections (`config …`) and their entries (`edit …`), with their settings in the order of the file. What any of it means
// is not known here.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/formats/fortigate/text.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// Adds the first line of `raw`, shortened; 10 000 at most, and then one that says that there were more. Secrets must not be in it.
void NoteUnknownFortigateLine(std::vector<UnknownLine>& unknown, std::size_t line, std::string_view raw);

/// One command of a section or entry: set, unset, append, select or unselect.
struct FortigateSetting {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t line = 0;
};

using FortigateNodeId = std::uint32_t;
inline constexpr FortigateNodeId kNoFortigateNode = 0xFFFF'FFFF;

/// A section or entry. Children stand in a chain, so that `move` costs nothing.
struct FortigateNode {
    bool is_entry = false;
    std::string name;  ///< a section's words with single blanks between: "firewall policy"; an entry's own name
    std::uint32_t line = 0;
    FortigateNodeId parent = kNoFortigateNode;
    FortigateNodeId first = kNoFortigateNode;
    FortigateNodeId last = kNoFortigateNode;
    FortigateNodeId before = kNoFortigateNode;
    FortigateNodeId after = kNoFortigateNode;
    std::vector<FortigateSetting> settings;
};

/// A setting's values after all commands upon it: `set` and `select` replace, `append` adds, `unselect` takes away, `unset` leaves none.
struct FortigateValue {
    std::vector<std::string> values;
    std::uint32_t line = 0;  ///< of the last command upon it
    bool is_set = false;     ///< false after `unset`
};

class FortigateSettings {
  public:
    /// Nothing of that name: an empty value.
    const FortigateValue& Of(const std::string& name) const;
    /// The first value, or `fallback`.
    std::string_view First(const std::string& name, std::string_view fallback = {}) const;
    bool IsEnabled(const std::string& name) const { return First(name) == "enable"; }
    const std::unordered_map<std::string, FortigateValue>& all() const { return values_; }

  private:
    friend class FortigateTree;
    std::unordered_map<std::string, FortigateValue> values_;
};

/// Entries of one name in one section are one entry, sections of one name in one place one section, wherever they are written. clone, delete, move, purge and
/// rename are carried out. Bounds: kMaxDepth levels (kInvalidInput naming the line), kMaxNodes sections and entries, kMaxSettings settings, kMaxCloned of them
/// by clone, kMaxCommand bytes of one command (kTooLarge).
/// Time is linear in the text's length.
class FortigateTree {
  public:
    static constexpr std::size_t kMaxDepth = 32;
    static constexpr std::size_t kMaxNodes = 1'000'000;
    static constexpr std::size_t kMaxSettings = 4'000'000;
    static constexpr std::size_t kMaxCloned = 1'000'000;
    static constexpr std::size_t kMaxCommand = 1U << 20;

    /// `text` must outlive the tree. `stands_at_top`: whether a section of this name is never one of another section, so that one found there tells that the
    /// other's end is missing. Commands that are none, and places where the nesting is broken, are added to `unknown`.
    static Result<FortigateTree> Read(std::string_view text, const std::function<bool(std::string_view)>& stands_at_top, std::vector<UnknownLine>& unknown);

    static constexpr FortigateNodeId kRoot = 0;
    const FortigateNode& node(FortigateNodeId id) const { return nodes_[id]; }
    /// kNoFortigateNode: there is none.
    FortigateNodeId Child(FortigateNodeId parent, std::string_view name) const;
    template <typename Visit>
    void ForEachChild(FortigateNodeId parent, Visit visit) const {
        for (FortigateNodeId id = nodes_[parent].first; id != kNoFortigateNode; id = nodes_[id].after) visit(id);
    }
    std::string_view Raw(const FortigateSetting& setting) const { return text_.substr(setting.begin, setting.end - setting.begin); }
    FortigateSettings SettingsOf(FortigateNodeId id) const;
    const std::vector<std::string>& comments() const { return comments_; }  ///< of the lines before the first command, "#config-version=…"

  private:
    struct Key {
        FortigateNodeId parent;
        std::string name;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const { return std::hash<std::string>()(key.name) ^ (std::size_t{key.parent} * 0x9E37'79B9'7F4A'7C15U); }
    };
    friend class FortigateTreeReader;

    std::string_view text_;
    std::vector<FortigateNode> nodes_;
    std::unordered_map<Key, FortigateNodeId, KeyHash> by_name_;
    std::vector<std::string> comments_;
};

}  // namespace opsteward::firewall
