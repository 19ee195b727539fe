// Where a download of the NVD stands, so that another run goes on there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace opsteward::vuln {

struct NvdState {
    std::string url;
    std::optional<Instant> since;
    std::size_t page_size = 0;
    Instant began;           ///< and the end of the last period
    std::size_t period = 0;  ///< that is being fetched, from 0 on
    std::uint64_t next = 0;  ///< index of the record that the next page begins with
    std::uint64_t total = 0;  ///< as the last page said
    std::uint64_t records = 0;
    std::vector<std::string> files;  ///< names of the pages that are there
    bool is_complete = false;

    /// Of the same wishes, and not over.
    bool GoesOnWith(const std::string& other_url, const std::optional<Instant>& other_since, std::size_t other_page_size) const {
        return !is_complete && url == other_url && since == other_since && page_size == other_page_size;
    }
};

/// "nvd-all-00002000.json", or "nvd-1700000000000-00002000.json" of a period that begins then.
std::string NvdPageName(std::optional<Instant> period, std::uint64_t start);
/// Whether a file has such a name.
bool IsNvdPage(std::string_view name);

/// Nothing when there is no such file, or none that can be understood: then a download begins anew.
std::optional<NvdState> ReadNvdState(const std::filesystem::path& folder);
Result<void> WriteNvdState(const std::filesystem::path& folder, const NvdState& state);

}  // namespace opsteward::vuln
