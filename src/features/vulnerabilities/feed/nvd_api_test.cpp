#include "features/vulnerabilities/feed/nvd_api.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "base/civil_time.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/feed_file.hpp"
#include "features/vulnerabilities/feed/nvd_state.hpp"
#include "features/vulnerabilities/feed/testing/scratch_folder.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant kStart = ParseRfc3339("2026-11-27T05:00:00Z").value();

/// An API with so many records, of numbers from 10000 on, that a test may disturb.
class Api : public testing::ScratchFolder {
  protected:
    void Fill(int count) {
        for (int i = 0; i < count; ++i) list_.push_back(10'000 + i);
    }

    std::string Page(const std::string& url) const {
        const auto number = [&](const std::string& name) { return std::stoul(url.substr(url.find(name + "=") + name.size() + 1)); };
        const std::size_t start = number("startIndex");
        const std::size_t size = number("resultsPerPage");
        std::string records;
        for (std::size_t i = start; i < std::min(list_.size(), start + size); ++i) {
            records += fmt::format("{}{{\"cve\":{{\"id\":\"CVE-2024-{}\"}}}}", records.empty() ? "" : ",", list_[i]);
        }
        return fmt::format("{{\"resultsPerPage\":{},\"startIndex\":{},\"totalResults\":{},\"vulnerabilities\":[{}]}}", size, start, list_.size(), records);
    }

    Result<NvdDownload> Download(std::optional<Instant> since = std::nullopt, bool has_key = false) {
        const NvdRequest request{"https://nvd.example/cves", folder_ / "nvd", has_key, since, 10};
        const NvdSurroundings world{
            clock_,
            [this](const std::string& url) -> Result<net::HttpAnswer> {
                urls_.push_back(url);
                times_.push_back(clock_.Now());
                clock_.Advance(milliseconds(100));
                if (before_) {
                    if (auto answer = before_(urls_.size())) return *answer;
                }
                return net::HttpAnswer{200, "application/json", Page(url), std::nullopt};
            },
            [this](milliseconds time) -> Result<void> {
                waits_.push_back(time);
                clock_.Advance(time);
                if (stops_at_wait_ == waits_.size()) return Error::Of(ErrorCode::kCancelled, "x", "x");
                return Ok();
            },
            [this](const NvdProgress& progress) { told_.push_back(progress); },
        };
        return DownloadNvd(request, world);
    }

    /// All numbers in the files of the folder.
    std::set<std::string> Stored() const {
        std::set<std::string> ids;
        const auto files = FeedFilesIn(folder_ / "nvd");
        if (!files.ok()) return ids;
        for (const auto& file : *files) {
            std::string text = ReadFeedFile(file).value();
            EXPECT_TRUE(ReadNvd(text, [&](Vulnerability&& record) { ids.insert(record.id); }).ok()) << file;
        }
        return ids;
    }

    std::vector<int> list_;
    ManualClock clock_{kStart};
    std::vector<std::string> urls_;
    std::vector<Instant> times_;
    std::vector<milliseconds> waits_;
    std::vector<NvdProgress> told_;
    std::function<std::optional<Result<net::HttpAnswer>>(std::size_t request)> before_;
    std::size_t stops_at_wait_ = 0;
};

net::HttpAnswer Status(int status, std::optional<seconds> retry_after = std::nullopt) { return {status, "", "", retry_after}; }

TEST_F(Api, IsReadPageByPage) {
    Fill(35);
    const auto done = Download();
    ASSERT_TRUE(done.ok()) << done.error().operator_text;
    EXPECT_EQ(done->records, 35U);
    EXPECT_EQ(done->pages, 4U);
    EXPECT_FALSE(done->was_resumed);
    EXPECT_EQ(done->until, kStart);
    EXPECT_EQ(Stored().size(), 35U);
    EXPECT_THAT(urls_, ElementsAre("https://nvd.example/cves?resultsPerPage=10&startIndex=0", "https://nvd.example/cves?resultsPerPage=10&startIndex=10",
                                   "https://nvd.example/cves?resultsPerPage=10&startIndex=20", "https://nvd.example/cves?resultsPerPage=10&startIndex=30"));
    EXPECT_EQ(told_.back().records, 35U);
    EXPECT_EQ(told_.back().total, 35U);
}

TEST_F(Api, WithoutRecordsGivesNone) {
    ASSERT_TRUE(Download().ok());
    EXPECT_EQ(urls_.size(), 1U);
    EXPECT_TRUE(Stored().empty());
}

TEST_F(Api, IsAskedFiveTimesInThirtySecondsOrFiftyTimesWithAKey) {
    for (const bool has_key : {false, true}) {
        const std::size_t most = has_key ? 50 : 5;
        list_.clear();
        times_.clear();
        std::filesystem::remove_all(folder_ / "nvd");
        Fill(has_key ? 600 : 120);
        ASSERT_TRUE(Download(std::nullopt, has_key).ok());
        ASSERT_EQ(times_.size(), list_.size() / 10);
        for (std::size_t i = most; i < times_.size(); ++i) EXPECT_GE(times_[i] - times_[i - most], seconds(30)) << i;
        EXPECT_LE(times_.back() - times_.front(), seconds(30) * (times_.size() / most + 1)) << "and not much more slowly";
    }
}

TEST_F(Api, IsAskedForPeriodsOfAtMost120Days) {
    Fill(3);
    const auto since = ParseRfc3339("2026-01-01T00:00:00Z").value();
    ASSERT_TRUE(Download(since).ok());
    EXPECT_THAT(urls_, ElementsAre(HasSubstr("startIndex=0&lastModStartDate=2026-01-01T00:00:00.000Z&lastModEndDate=2026-05-01T00:00:00.000Z"),
                                   HasSubstr("startIndex=0&lastModStartDate=2026-05-01T00:00:00.000Z&lastModEndDate=2026-08-29T00:00:00.000Z"),
                                   HasSubstr("startIndex=0&lastModStartDate=2026-08-29T00:00:00.000Z&lastModEndDate=2026-11-27T05:00:00.000Z")));
    EXPECT_EQ(told_.back().periods, 3U);
    EXPECT_EQ(Stored().size(), 3U);
}

TEST_F(Api, ThatFailsForAWhileIsAskedAgainLater) {
    Fill(25);
    before_ = [](std::size_t request) -> std::optional<Result<net::HttpAnswer>> {
        switch (request) {
            case 2: return Status(429, seconds(77));
            case 3: return Status(403);
            case 4: return Status(503, seconds(100'000));
            case 5: return Error::Of(ErrorCode::kUnavailable, "x", "x");
            case 6: return Error::Of(ErrorCode::kTimeout, "x", "x");
            case 7: return net::HttpAnswer{200, "", "{\"startIndex\":10,\"totalResults\":25,\"vulnerabilities\":[{\"cve\":{", std::nullopt};
            case 8: return net::HttpAnswer{200, "", "{\"startIndex\":0,\"totalResults\":25,\"vulnerabilities\":[]}", std::nullopt};
            default: return std::nullopt;
        }
    };
    const auto done = Download();
    ASSERT_TRUE(done.ok()) << done.error().operator_text;
    EXPECT_EQ(Stored().size(), 25U);
    std::erase_if(waits_, [](milliseconds wait) { return wait < seconds(6) || wait.count() % 1000 != 0; });  // those of the rate
    EXPECT_THAT(waits_, ElementsAre(seconds(77), seconds(12), seconds(900), seconds(48), seconds(96), seconds(192), seconds(300)));
}

TEST_F(Api, ThatGoesOnFailingEndsTheDownload) {
    Fill(25);
    before_ = [](std::size_t request) -> std::optional<Result<net::HttpAnswer>> {
        if (request == 1) return std::nullopt;
        return Status(503);
    };
    const auto done = Download();
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(done.error().caller_text.en, HasSubstr("HTTP 503"));
    EXPECT_EQ(urls_.size(), 9U);
    EXPECT_EQ(Stored().size(), 10U) << "what was fetched is kept";
}

TEST_F(Api, ThatRefusesIsNotAskedAgain) {
    before_ = [](std::size_t) -> std::optional<Result<net::HttpAnswer>> { return Status(404); };
    EXPECT_EQ(Download().error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(urls_.size(), 1U);
}

TEST_F(Api, IsReadOnWhereItWasInterrupted) {
    Fill(95);
    stops_at_wait_ = 1;
    EXPECT_EQ(Download().error().code, ErrorCode::kCancelled);
    EXPECT_EQ(urls_.size(), 5U);
    const auto done = Download();
    ASSERT_TRUE(done.ok());
    EXPECT_TRUE(done->was_resumed);
    EXPECT_EQ(done->records, 95U);
    EXPECT_EQ(done->until, kStart) << "not the time of the second run";
    EXPECT_THAT(urls_.at(5), HasSubstr("startIndex=50"));
    EXPECT_EQ(urls_.size(), 10U);
    EXPECT_EQ(Stored().size(), 95U);
}

TEST_F(Api, IsReadAnewAfterACompleteDownloadAndForOtherWishes) {
    Fill(15);
    ASSERT_TRUE(Download().ok());
    ASSERT_TRUE(Download().ok());
    EXPECT_EQ(urls_.size(), 4U);
    const auto state = ReadNvdState(folder_ / "nvd");
    ASSERT_TRUE(state.has_value());
    EXPECT_TRUE(state->is_complete);
    EXPECT_FALSE(Download(kStart - std::chrono::hours(1))->was_resumed);
}

TEST_F(Api, StateThatCannotBeUnderstoodBeginsAnew) {
    Fill(15);
    ASSERT_TRUE(Download().ok());
    for (const std::string text : {"", "{}", "[", "{\"format\":2}", "{\"format\":1,\"url\":5}"}) {
        Write("nvd/.nvd-download", text);
        EXPECT_FALSE(ReadNvdState(folder_ / "nvd").has_value()) << text;
    }
    EXPECT_TRUE(Download().ok());
}

TEST_F(Api, RecordsThatLeaveTheListMeanwhileHideNoOthers) {
    Fill(60);
    before_ = [this](std::size_t request) -> std::optional<Result<net::HttpAnswer>> {
        if (request == 3) list_.erase(list_.begin(), list_.begin() + 7);  // all that follow move up
        if (request == 5) list_.erase(list_.begin(), list_.begin() + 3);
        return std::nullopt;
    };
    ASSERT_TRUE(Download().ok());
    const auto stored = Stored();
    for (const int number : list_) EXPECT_TRUE(stored.contains("CVE-2024-" + std::to_string(number))) << number;
}

TEST_F(Api, RecordsThatLeaveDuringTheLastPageHideNoOthers) {
    Fill(30);
    before_ = [this](std::size_t request) -> std::optional<Result<net::HttpAnswer>> {
        if (request == 3) list_.erase(list_.begin(), list_.begin() + 7);
        return std::nullopt;
    };
    ASSERT_TRUE(Download().ok());
    const auto stored = Stored();
    for (const int number : list_) EXPECT_TRUE(stored.contains("CVE-2024-" + std::to_string(number))) << number;
}

TEST_F(Api, RecordsThatAreAddedMeanwhileAreFetchedToo) {
    Fill(30);
    before_ = [this](std::size_t request) -> std::optional<Result<net::HttpAnswer>> {
        if (request <= 5) list_.push_back(20'000 + static_cast<int>(request));
        return std::nullopt;
    };
    ASSERT_TRUE(Download().ok());
    EXPECT_EQ(Stored().size(), list_.size());
}

TEST_F(Api, ThatNeverEndsIsLeft) {
    Fill(100);
    before_ = [this](std::size_t request) -> std::optional<Result<net::HttpAnswer>> {
        if (request % 2 == 0) {
            list_.resize(90);
        } else {
            while (list_.size() < 100) list_.push_back(1);
        }
        return std::nullopt;
    };
    const auto done = Download();
    EXPECT_FALSE(done.ok());
    EXPECT_LT(urls_.size(), 500U);
}

TEST_F(Api, PagesOfAnEarlierDownloadGoAndOtherFilesStay) {
    Fill(95);
    ASSERT_TRUE(Download().ok());
    Write("nvd/nvd-2024.json", "{\"vulnerabilities\":[]}");
    Write("nvd/nvdcve-2.0-2024.json", "{\"vulnerabilities\":[]}");
    list_.resize(15);
    ASSERT_TRUE(Download().ok());
    EXPECT_EQ(Stored().size(), 15U);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "nvd/nvd-2024.json"));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "nvd/nvdcve-2.0-2024.json"));
}

TEST_F(Api, WishesThatMakeNoSenseAreRefused) {
    EXPECT_EQ(Download(kStart + seconds(1)).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(Download(FromMillis(-1)).error().code, ErrorCode::kInvalidInput);
    EXPECT_TRUE(urls_.empty());
}

TEST(NvdPages, HaveNamesThatNoOtherFileHas) {
    EXPECT_EQ(NvdPageName(std::nullopt, 2000), "nvd-all-00002000.json");
    EXPECT_EQ(NvdPageName(kStart, 0), "nvd-1795755600000-00000000.json");
    for (const auto& name : {NvdPageName(std::nullopt, 2000), NvdPageName(kStart, 123'456'789)}) EXPECT_TRUE(IsNvdPage(name)) << name;
    for (const char* name : {"nvd-2024.json", "nvd-all.json", "nvd-all-1.json", "nvd-all-0000200x.json", "x-all-00002000.json", "nvd-all-00002000.json.xz", "../nvd-all-00002000.json"}) {
        EXPECT_FALSE(IsNvdPage(name)) << name;
    }
}

}  // namespace
}  // namespace opsteward::vuln
