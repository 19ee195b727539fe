#include "features/vulnerabilities/feed/nvd_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/civil_time.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_text.hpp"
#include "features/vulnerabilities/feed/nvd_pace.hpp"
#include "features/vulnerabilities/feed/nvd_state.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vuln {

namespace fs = std::filesystem;

namespace {

constexpr int kMostTrials = 8;
constexpr std::uint64_t kMostRecords = 100'000'000;
constexpr std::chrono::hours kLongestPeriod{120 * 24};

struct Period {
    Instant from;
    Instant to;
};

std::vector<Period> PeriodsOf(Instant since, Instant until) {
    std::vector<Period> periods;
    for (Instant from = since; from < until; from += kLongestPeriod) periods.push_back({from, std::min<Instant>(from + kLongestPeriod, until)});
    return periods;
}

struct Page {
    std::string text;
    std::uint64_t start = 0;
    std::uint64_t total = 0;
    std::uint64_t records = 0;
};

Result<Page> ReadPage(std::string text) {
    Page page;
    std::optional<std::uint64_t> start;
    std::optional<std::uint64_t> total;
    OPS_CHECK(VisitObject(text, "NVD", "vulnerabilities", [&](const JsonPart& part) -> Result<void> {
        std::uint64_t number = 0;
        if (part.is_element) {
            ++page.records;
        } else if (part.value.get(number) == simdjson::SUCCESS && number <= kMostRecords) {
            if (part.key == "startIndex") start = number;
            if (part.key == "totalResults") total = number;
        }
        return Ok();
    }));
    if (!start || !total) {
        return Error::Of(ErrorCode::kInvalidInput, "其中沒有 startIndex 與 totalResults。", "it lacks startIndex and totalResults.");
    }
    page.start = *start;
    page.total = *total;
    page.text = std::move(text);
    return page;
}

bool MayPass(const net::HttpAnswer& answer) { return answer.status == 403 || answer.status == 429 || answer.status >= 500; }

class Download {
  public:
    Download(const NvdRequest& request, const NvdSurroundings& world) : request_(request), world_(world), pace_(request.has_key, world.clock, world.wait) {}

    Result<NvdDownload> Run() {
        OPS_CHECK(Begin());
        std::vector<Period> periods;
        if (state_.since) periods = PeriodsOf(*state_.since, state_.began);
        const std::size_t count = state_.since ? periods.size() : 1;
        while (state_.period < count) {
            OPS_CHECK(FetchPeriod(state_.since ? &periods[state_.period] : nullptr, count));
            ++state_.period;
            state_.next = 0;
            state_.total = 0;
            OPS_CHECK(WriteNvdState(request_.folder, state_));
        }
        OPS_CHECK(Finish());
        return NvdDownload{state_.records, state_.files.size(), was_resumed_, state_.began};
    }

  private:
    Result<void> Begin() {
        std::error_code problem;
        fs::create_directories(request_.folder, problem);
        if (problem) return Error::System("making " + request_.folder.string(), problem.value());
        if (auto earlier = ReadNvdState(request_.folder); earlier && earlier->GoesOnWith(request_.url, request_.since, request_.page_size)) {
            state_ = std::move(*earlier);
            was_resumed_ = true;
            return Ok();
        }
        state_.url = request_.url;
        state_.since = request_.since;
        state_.page_size = request_.page_size;
        state_.began = world_.clock.Now();
        return WriteNvdState(request_.folder, state_);
    }

    Result<void> FetchPeriod(const Period* period, std::size_t periods) {
        std::uint64_t most_pages = 0;
        std::uint64_t pages = 0;
        bool is_over = state_.next > 0 && state_.next >= state_.total;
        while (!is_over) {
            OPS_TRY(const Page page, FetchPage(period));
            OPS_CHECK(Store(page, period));
            most_pages = std::max(most_pages, 4 * (page.total / request_.page_size) + 100);
            if (++pages > most_pages) return Unusable(request_.url, {"總筆數不斷變動。", "its total keeps changing."});
            // What left the list has moved up what stood behind it, by as much at most: then some were passed by.
            const std::uint64_t left = page.start > 0 && page.total < state_.total ? state_.total - page.total : 0;
            is_over = left == 0 && page.start + page.records >= page.total;
            state_.next = left == 0 ? page.start + page.records : page.start - std::min(left, page.start);
            state_.total = page.total;
            state_.records += page.records;
            OPS_CHECK(WriteNvdState(request_.folder, state_));
            world_.tell({std::min(state_.next, page.total), page.total, state_.period + 1, periods});
        }
        return Ok();
    }

    std::string UrlOf(const Period* period) const {
        std::string url = fmt::format("{}{}resultsPerPage={}&startIndex={}", request_.url, request_.url.find('?') == std::string::npos ? '?' : '&',
                                      request_.page_size, state_.next);
        if (period != nullptr) url += fmt::format("&lastModStartDate={}&lastModEndDate={}", FormatRfc3339(period->from), FormatRfc3339(period->to));
        return url;
    }

    Result<Page> FetchPage(const Period* period) {
        const std::string url = UrlOf(period);
        for (int trial = 1;; ++trial) {
            OPS_CHECK(pace_.BeforeRequest());
            std::optional<std::chrono::seconds> asked;
            auto page = TryPage(url, asked);
            if (page.ok()) return page;
            const ErrorCode code = page.error().code;
            if (code != ErrorCode::kUnavailable && code != ErrorCode::kTimeout) return page;
            if (trial == kMostTrials) return page;
            OPS_CHECK(pace_.AfterFailure(trial, asked));
        }
    }

    /// kUnavailable and kTimeout may pass.
    Result<Page> TryPage(const std::string& url, std::optional<std::chrono::seconds>& asked) const {
        OPS_TRY(net::HttpAnswer answer, world_.get(url));
        if (answer.status != 200) {
            asked = answer.retry_after;
            const ErrorCode code = MayPass(answer) ? ErrorCode::kUnavailable : ErrorCode::kInvalidInput;
            return Error::Of(code, fmt::format("{} 回覆 HTTP {}。請確認網址與 API 金鑰，或稍後再試；已下載的部分會保留。", url, answer.status),
                             fmt::format("{} answered HTTP {}. Check the address and the API key, or try again later; what was fetched is kept.", url,
                                         answer.status));
        }
        auto page = ReadPage(std::move(answer.body));
        if (!page.ok()) return Unusable(url, page.error().caller_text);
        // Less than all that was asked for would leave holes.
        const bool fits = page->start == state_.next && page->records <= request_.page_size && (page->records > 0 || page->total <= page->start);
        if (!fits) return Unusable(url, {"頁次與所要求的不符。", "it is not the page that was asked for."});
        return page;
    }

    static Error Unusable(const std::string& url, const Text& why) {
        return Error::Of(ErrorCode::kUnavailable, fmt::format("{} 的回覆無法使用：{}", url, why.zh), fmt::format("The answer of {} is of no use: {}", url, why.en));
    }

    Result<void> Store(const Page& page, const Period* period) {
        if (page.records == 0) return Ok();
        const std::string name = NvdPageName(period == nullptr ? std::nullopt : std::optional<Instant>(period->from), page.start);
        OPS_CHECK(vault::ReplaceFile(request_.folder / name, page.text));
        if (std::ranges::find(state_.files, name) == state_.files.end()) state_.files.push_back(name);
        return Ok();
    }

    /// A download of everything takes the place of an earlier one.
    Result<void> Finish() {
        if (!state_.since) {
            std::error_code problem;
            for (const auto& entry : fs::directory_iterator(request_.folder, problem)) {
                const std::string name = entry.path().filename().string();
                if (!IsNvdPage(name) || std::ranges::find(state_.files, name) != state_.files.end()) continue;
                std::error_code failure;
                fs::remove(entry.path(), failure);
                if (failure) return Error::System("removing " + entry.path().string(), failure.value());
            }
        }
        state_.is_complete = true;
        return WriteNvdState(request_.folder, state_);
    }

    const NvdRequest& request_;
    const NvdSurroundings& world_;
    NvdPace pace_;
    NvdState state_;
    bool was_resumed_ = false;
};

}  // namespace

Result<NvdDownload> DownloadNvd(const NvdRequest& request, const NvdSurroundings& world) {
    if (request.page_size == 0 || request.page_size > kNvdPageSize) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("每頁筆數應為 1 到 {}。", kNvdPageSize), fmt::format("A page has 1 to {} records.", kNvdPageSize));
    }
    if (request.since && (*request.since >= world.clock.Now() || ToMillis(*request.since) < 0)) {
        return Error::Of(ErrorCode::kInvalidInput, "起始時間應在 1970 年之後、現在之前。", "The time to begin with should lie between 1970 and now.");
    }
    return Download(request, world).Run();
}

}  // namespace opsteward::vuln
