// Objects, object groups, names and time ranges of Cisco ASA (Cisco ASA Series Firewall CLI Configuration Guide, "Objects for Access Control").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "features/firewall/formats/asa/text.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

enum class AsaObjectKind : std::uint8_t { kNetwork, kService, kPorts, kProtocol, kIcmpType, kOther };

class AsaObjects {
  public:
    AsaObjects(RangeBudget& budget, ReaderNotes& notes, std::int64_t now);

    /// Takes "object", "object-group", "name" and "time-range"; false: another command.
    bool Read(const AsaCommand& command);

    AddressBook& addresses() { return addresses_; }
    ServiceBook& services() { return services_; }
    /// kOther: there is none of that name.
    AsaObjectKind KindOf(std::string_view name) const;

    /// "host 192.0.2.1", "192.0.2.0 255.255.255.0", "2001:db8::/32", "any", "any4", "any6", "object X", "object-group X" off the cursor. Empty: none of these.
    NameRef TakeAddress(AsaCursor& cursor, std::size_t line) const;
    /// "eq https", "range 1 9", "lt", "gt", "neq". Nothing: not understood.
    static std::optional<NumberSet> TakePorts(AsaCursor& cursor);
    static bool IsPortOperator(std::string_view word);
    /// An address, or the name of one.
    std::optional<std::uint32_t> Ipv4Of(std::string_view text) const;

    struct TimeRange {
        bool has_ended = false;
        std::size_t line = 0;
    };
    const TimeRange* FindTimeRange(std::string_view name) const;

  private:
    bool ReadObject(const AsaCommand& command);
    bool ReadGroup(const AsaCommand& command);
    std::optional<AddressMatch> LiteralAddress(const NameRef& ref) const;
    std::optional<ServiceMatch> LiteralService(const NameRef& ref) const;
    std::optional<ServiceMatch> ServiceOf(AsaCursor cursor) const;

    ReaderNotes& notes_;
    std::int64_t now_;
    AddressBook addresses_;
    ServiceBook services_;
    std::unordered_map<std::string, AsaObjectKind> kinds_;
    std::unordered_map<std::string, std::uint32_t> names_;
    std::unordered_map<std::string, TimeRange> times_;
};

}  // namespace opsteward::firewall
