// The NVD API 2.0, whose answers become files that ReadNvd reads. https://nvd.nist.gov/developers/vulnerabilities
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_client.hpp"

namespace opsteward::vuln {

inline constexpr std::size_t kNvdPageSize = 2000;  ///< the most that the API gives
inline constexpr std::size_t kMaxNvdPageBytes = std::size_t{256} << 20;

struct NvdProgress {
    std::uint64_t records = 0;  ///< fetched in this period
    std::uint64_t total = 0;    ///< that the API says it has
    std::size_t period = 0;     ///< of `periods`, from 1 on
    std::size_t periods = 0;
};

/// What the download needs of the world outside.
struct NvdSurroundings {
    const Clock& clock;
    std::function<Result<net::HttpAnswer>(const std::string& url)> get;
    /// Comes back when so much time has passed; an error (kCancelled) ends the download.
    std::function<Result<void>(std::chrono::milliseconds)> wait;
    std::function<void(const NvdProgress&)> tell;
};

struct NvdRequest {
    std::string url;               ///< "https://services.nvd.nist.gov/rest/json/cves/2.0"
    std::filesystem::path folder;  ///< made when it is not there
    bool has_key = false;          ///< that `get` sends: 50 requests in 30 s instead of 5
    std::optional<Instant> since;  ///< only what was modified since; none: everything
    std::size_t page_size = kNvdPageSize;
};

struct NvdDownload {
    std::uint64_t records = 0;  ///< in all of its files; some may be there twice
    std::size_t pages = 0;
    bool was_resumed = false;
    Instant until;  ///< whatever was modified later has to be fetched next: the `since` of the next download
};

/// Downloads page by page into files of the folder (nvd-….json), each there whole or not at all. What is interrupted goes on, when it is called again for the
/// same, behind the last page it had; its place is in the file .nvd-download of the folder. With `since`, periods of at most 120 days are asked for one after
/// the other. Pages overlap by as much as the total has become smaller in between, so that none is missed. A request that fails for a reason that may pass
/// (403, 429, 5xx, no connection, an answer that is cut short) is repeated up to 8 times, later each time, and no sooner than the server asks for.
/// kUnavailable when that did not help; kInvalidInput for a refusal: a wrong key, address or page size.
Result<NvdDownload> DownloadNvd(const NvdRequest& request, const NvdSurroundings& world);

}  // namespace opsteward::vuln
