// Packs and columns read as a whole.
#pragma once

#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "vault/columns/message_columns.hpp"
#include "vault/columns/pack.hpp"

namespace opsteward::vault::testing {

inline Result<std::vector<std::string>> ReadPack(std::string_view bytes, std::size_t max_bytes) {
    OPS_TRY(const Pack pack, Pack::Open(bytes, max_bytes));
    std::vector<std::string> strings;
    for (const PackedString& packed : pack.strings()) {
        OPS_TRY(std::string string, packed.Unpack());
        strings.push_back(std::move(string));
    }
    return strings;
}

/// As if they stood in a pack that makes them no smaller. Views into them.
inline std::vector<PackedString> AsPacked(const std::vector<std::string>& strings) {
    std::vector<PackedString> packed;
    for (const std::string& string : strings) packed.emplace_back(string, string.size());
    return packed;
}

inline Result<JoinedMessages> ReadMessageColumns(std::string_view columns, std::uint32_t count, std::uint32_t bytes) {
    OPS_TRY(MessageColumns messages, MessageColumns::Open(columns, count, bytes));
    return messages.Join(RowSet::All(count).Rows());
}

}  // namespace opsteward::vault::testing
