// Check Point's objects as the management API tells them (Management API Reference, "Network Objects", "Service & Applications").
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/lined_json.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

/// All objects of a text, by uid. Rules and groups name them by uid or by name, or hold them whole.
class CheckPointObjects {
  public:
    CheckPointObjects(RangeBudget& budget, ReaderNotes& notes) : notes_(notes), addresses_(budget, AddressOtherwise), services_(budget, ServiceOtherwise) {
        addresses_.AddScope(std::nullopt);
        services_.AddScope(std::nullopt);
    }

    /// Every object in `value`, at any depth. Of several with one uid the fullest counts.
    void Collect(JsonNode value);
    /// Makes the books. Call once, when all is collected.
    void Finish();

    AddressBook& addresses() { return addresses_; }
    ServiceBook& services() { return services_; }
    struct Entry {
        JsonNode object;
        std::string uid;
        std::string name;
        std::string type;
        std::size_t members = 0;          ///< how many members its object has
        std::optional<std::int64_t> end;  ///< of a time object that ends; seconds since 1970
    };
    /// The object that an element means, by uid or by name; none: nullptr.
    const Entry* Find(JsonNode element) const;
    /// By uid, labelled with the name. `value`: one element, or an array of them.
    std::vector<NameRef> RefsOf(JsonNode value) const;
    std::string NameOf(JsonNode element) const;
    /// In the order in which they stand.
    std::vector<const Entry*> all() const;

  private:
    static std::optional<AddressMatch> AddressOtherwise(const NameRef& ref);
    static std::optional<ServiceMatch> ServiceOtherwise(const NameRef& ref);
    void DefineAddress(const std::string& uid, JsonNode object, std::string_view type);
    bool DefineService(const std::string& uid, JsonNode object, std::string_view type);
    AddressMatch AddressOf(JsonNode object, std::string_view type);
    ServiceMatch ServiceOf(JsonNode object, std::string_view type);
    ServiceMatch PortService(JsonNode object, std::uint8_t protocol);

    ReaderNotes& notes_;
    AddressBook addresses_;
    ServiceBook services_;
    std::unordered_map<std::string, Entry> by_uid_;
    std::unordered_map<std::string, std::string> uid_by_name_;
    std::vector<std::string> uids_;
};

/// Whether the management API names it "Any".
bool IsCheckPointAny(std::string_view name);
/// Milliseconds since 1970 ("posix") as seconds. Nothing: not told, or 0.
std::optional<std::int64_t> CheckPointTime(JsonNode time);

}  // namespace opsteward::firewall
