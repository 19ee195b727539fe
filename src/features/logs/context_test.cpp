// What is handed over around hits is what marking their neighbours in a list of all records of the scope gives.
#include "features/logs/context.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "vault/store/gone_file.hpp"
#include "vault/testing/random_messages.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/testing/small_vault.hpp"

namespace opsteward::logs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Lines = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

/// Writes down what it is handed as grep does: "7:" a hit, "8-" a neighbour, "--" where something was left out.
struct Notes {
    Lines lines;

    void Add(const RecordInContext& taken) {
        if (taken.begins_group) lines.push_back("--");
        lines.push_back(std::to_string(taken.sequence) + (taken.is_hit ? ":" : "-"));
    }
};

/// Records that a test keeps the bytes of.
class Records {
  public:
    void Add(std::string_view source, std::string_view kind, std::string message) {
        messages_.push_back(std::move(message));
        views_.push_back({FromMillis(static_cast<std::int64_t>(views_.size())), vault::Transport::kTcp, source, kind, "", messages_.back()});
    }
    const std::vector<vault::RecordView>& views() const { return views_; }

  private:
    std::deque<std::string> messages_;
    std::vector<vault::RecordView> views_;
};

Result<Lines> Walk(const vault::VaultReader& vault, const Scope& scope, std::uint64_t count, const Records& records, const Numbers& hits) {
    Notes notes;
    ContextWalker walker(vault, scope, count, [&](const RecordInContext& taken) {
        EXPECT_EQ(taken.record, records.views()[taken.sequence]);
        notes.Add(taken);
        return true;
    });
    for (const std::uint64_t hit : hits) OPS_CHECK(walker.TakeHit(hit, records.views()[hit]));
    OPS_CHECK(walker.Finish());
    return notes.lines;
}

// At random.

constexpr std::string_view kSources[] = {"fw", "web", "db"};
constexpr std::string_view kKinds[] = {"os", "sshd"};

/// Stretches of one stream and of many, in blocks of any size, some segments of which were deleted.
class RandomVault {
  public:
    explicit RandomVault(std::uint64_t seed) : random_(seed) {
        for (std::size_t segments = 2 + random_.Below(6); segments > 0; --segments) {
            std::vector<std::size_t> sizes(1 + random_.Below(5));
            for (std::size_t& size : sizes) AddStretch(size = 1 + random_.Below(25));
            sizes_.push_back(sizes);
        }
        AddStretch(random_.Below(40));
        vault::testing::WriteSmallVault(folder_.path(), records_.views(), sizes_);
        std::uint64_t first = 0;
        for (const std::vector<std::size_t>& sizes : sizes_) {
            std::uint64_t count = 0;
            for (const std::size_t size : sizes) count += size;
            if (random_.Below(4) == 0) Delete(first, count);
            first += count;
        }
    }

    vault::VaultReader Open() const { return vault::VaultReader::Open(folder_.path()).value(); }
    const Records& records() const { return records_; }
    Scope AnyScope() {
        Scope scope;
        if (random_.Below(2) == 0) scope.source = kSources[random_.Below(std::size(kSources))];
        if (random_.Below(3) == 0) scope.kind = kKinds[random_.Below(std::size(kKinds))];
        return scope;
    }
    Numbers NumbersOf(const Scope& scope) const {
        Numbers numbers;
        for (std::uint64_t i = 0; i < records_.views().size(); ++i) {
            const bool is_gone = std::ranges::any_of(gone_, [i](const vault::GoneRange& range) { return i >= range.first && i < range.end(); });
            if (!is_gone && scope.Has(records_.views()[i].source, records_.views()[i].kind)) numbers.push_back(i);
        }
        return numbers;
    }
    Numbers SomeOf(const Numbers& numbers) {
        static constexpr std::size_t kOneOf[] = {1, 2, 7, 30, 100};
        const std::size_t one_of = kOneOf[random_.Below(std::size(kOneOf))];
        Numbers some;
        for (const std::uint64_t number : numbers) {
            if (random_.Below(one_of) == 0) some.push_back(number);
        }
        return some;
    }
    std::size_t Below(std::size_t limit) { return random_.Below(limit); }

  private:
    void AddStretch(std::size_t count) {
        const bool is_mixed = random_.Below(2) == 0;
        std::string_view source = kSources[random_.Below(std::size(kSources))];
        std::string_view kind = kKinds[random_.Below(std::size(kKinds))];
        for (; count > 0; --count) {
            if (is_mixed) source = kSources[random_.Below(std::size(kSources))];
            if (is_mixed) kind = kKinds[random_.Below(std::size(kKinds))];
            records_.Add(source, kind, random_.Next());
        }
    }
    void Delete(std::uint64_t first, std::uint64_t count) {
        const vault::GoneRange range{first, count, first + count, std::vector<vault::Hash>(vault::SubtreesOf(first, count).size())};
        const std::filesystem::path segments = vault::Layout{folder_.path()}.segments();
        std::filesystem::remove(segments / vault::NumberedName(first, vault::kSegmentSuffix));
        vault::ScratchFolder::Write(segments / vault::NumberedName(first, vault::kGoneSuffix), vault::GoneFileBytes(range));
        gone_.push_back(range);
    }

    vault::testing::RandomMessages random_;
    Records records_;
    vault::testing::BlockSizes sizes_;
    std::vector<vault::GoneRange> gone_;
    vault::ScratchFolder folder_;
};

Lines Marked(const Numbers& scope, const Numbers& hits, std::size_t count) {
    std::vector<bool> is_shown(scope.size());
    for (std::size_t i = 0; i < scope.size(); ++i) {
        if (!std::ranges::binary_search(hits, scope[i])) continue;
        for (std::size_t j = i - std::min(i, count); j < std::min(scope.size(), i + count + 1); ++j) is_shown[j] = true;
    }
    Lines lines;
    for (std::size_t i = 0; i < scope.size(); ++i) {
        if (!is_shown[i]) continue;
        if (!lines.empty() && !is_shown[i - 1]) lines.push_back("--");
        lines.push_back(std::to_string(scope[i]) + (std::ranges::binary_search(hits, scope[i]) ? ":" : "-"));
    }
    return lines;
}

TEST(RandomContext, IsWhatMarkingTheNeighboursInAListOfAllRecordsGives) {
    static constexpr std::size_t kCounts[] = {0, 1, 2, 5, 20, 1000};
    std::size_t walks = 0;
    std::size_t groups = 0;
    std::size_t deleted = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        RandomVault random(seed);
        const vault::VaultReader vault = random.Open();
        ASSERT_EQ(vault.size(), random.records().views().size());
        deleted += vault.segments().gone().records();
        for (int round = 0; round < 40; ++round) {
            const Scope scope = random.AnyScope();
            const Numbers numbers = random.NumbersOf(scope);
            const Numbers hits = random.SomeOf(numbers);
            const std::size_t count = kCounts[random.Below(std::size(kCounts))];
            SCOPED_TRACE(fmt::format("vault {}, round {}, source {}, kind {}, {} hits, context {}", seed, round, scope.source.value_or("any"),
                                     scope.kind.value_or("any"), hits.size(), count));
            const auto walked = Walk(vault, scope, count, random.records(), hits);
            ASSERT_TRUE(walked.ok()) << walked.error().operator_text;
            ASSERT_EQ(*walked, Marked(numbers, hits, count));
            ++walks;
            groups += static_cast<std::size_t>(std::ranges::count(*walked, "--"));
        }
    }
    EXPECT_GT(groups, walks) << "the comparison is not idle";
    EXPECT_GT(deleted, 0U);
}

// By hand.

/// Blocks of 5 records: of `a`, of `b`, of both in turn, of `b`, of `a`; and in the log both in turn. The message of record 7 is "event 07".
class LogContext : public ::testing::Test {
  protected:
    static constexpr std::uint64_t kRecords = 30;

    LogContext() {
        for (std::uint64_t i = 0; i < kRecords; ++i) {
            static constexpr std::string_view kOfBlock[] = {"a", "b", "", "b", "a", ""};
            const std::string_view source = kOfBlock[i / 5];
            records_.Add(!source.empty() ? source : i % 2 == 0 ? "a" : "b", "os", fmt::format("event {:02}", i));
        }
        vault::testing::WriteSmallVault(folder_.path(), records_.views(), {{5, 5}, {5, 5, 5}});
    }

    vault::VaultReader Open() const { return vault::VaultReader::Open(folder_.path()).value(); }
    Lines Around(std::string_view query, const ContextSize& size, SearchRequest request = {}) const {
        request.query = vault::query::ParseQuery(query).value();
        Notes notes;
        const auto result = SearchWithContext(Open(), request, size, [&](const RecordInContext& taken) {
            EXPECT_EQ(taken.record, records_.views()[taken.sequence]);
            notes.Add(taken);
            return true;
        });
        EXPECT_TRUE(result.ok()) << result.error().operator_text;
        return notes.lines;
    }
    Result<Lines> WalkAround(const Numbers& hits, const Scope& scope) const { return Walk(Open(), scope, 1, records_, hits); }

    Records records_;
    vault::ScratchFolder folder_;
};

TEST_F(LogContext, HandsOverNoRecordTwiceAndTellsWhereSomeAreLeftOut) {
    const auto around = [&](std::string_view query, std::uint64_t count) { return Around(query, {.records = count}); };
    EXPECT_THAT(around("07", 2), ElementsAre("5-", "6-", "7:", "8-", "9-"));
    EXPECT_THAT(around("07 OR 08", 1), ElementsAre("6-", "7:", "8:", "9-"));
    EXPECT_THAT(around("07 OR 09", 1), ElementsAre("6-", "7:", "8-", "9:", "10-"));
    EXPECT_THAT(around("07 OR 10", 1), ElementsAre("6-", "7:", "8-", "9-", "10:", "11-")) << "groups that touch are one";
    EXPECT_THAT(around("07 OR 11", 1), ElementsAre("6-", "7:", "8-", "--", "10-", "11:", "12-"));
    EXPECT_THAT(around("00 OR 29", 2), ElementsAre("0:", "1-", "2-", "--", "27-", "28-", "29:"));
    EXPECT_THAT(around("07 OR 08 OR 10", 0), ElementsAre("7:", "8:", "--", "10:"));
    EXPECT_THAT(around("24", 1000), SizeIs(kRecords));
    EXPECT_THAT(around("nowhere", 5), IsEmpty());
}

TEST_F(LogContext, IsOfSourceAndKindAloneHoweverFarApart) {
    EXPECT_THAT(Around("12", {.records = 3}, {.source = "a"}), ElementsAre("3-", "4-", "10-", "12:", "14-", "20-", "21-"));
    EXPECT_THAT(Around("10 OR 20", {.records = 1}, {.source = "a"}), ElementsAre("4-", "10:", "12-", "14-", "20:", "21-"));
    EXPECT_THAT(Around("24", {.records = 2}, {.source = "a"}), ElementsAre("22-", "23-", "24:", "26-", "28-"));
    EXPECT_THAT(Around("07", {.records = 1}, {.kind = "os"}), ElementsAre("6-", "7:", "8-"));
    EXPECT_THAT(Around("07", {.records = 1}, {.kind = "web"}), IsEmpty());
}

TEST_F(LogContext, IsNotBoundByTheQueryOrTheTime) {
    EXPECT_THAT(Around("source:a 12", {.records = 1}), ElementsAre("11-", "12:", "13-"));
    EXPECT_THAT(Around("", {.records = 1}, {.from = FromMillis(7), .to = FromMillis(9)}), ElementsAre("6-", "7:", "8:", "9-"));
}

TEST_F(LogContext, EndsAfterWhatFollowsTheLastHitThatIsWanted) {
    EXPECT_THAT(Around("07 OR 20 OR 29", {.records = 1, .max_hits = 2}), ElementsAre("6-", "7:", "8-", "--", "19-", "20:", "21-"));
    EXPECT_THAT(Around("event", {.records = 2, .max_hits = 1}), ElementsAre("0:", "1-", "2-")) << "what follows was not asked";
    EXPECT_THAT(Around("event", {.records = 0, .max_hits = 2}), ElementsAre("0:", "1:"));
}

TEST_F(LogContext, StopsWhenItIsToldTo) {
    const Lines all = Around("07 OR 20", {.records = 2});
    for (std::size_t at_most = 1; at_most < 10; ++at_most) {
        std::size_t taken = 0;
        const SearchRequest request{.query = vault::query::ParseQuery("07 OR 20").value()};
        EXPECT_TRUE(SearchWithContext(Open(), request, {.records = 2}, [&](const RecordInContext&) { return ++taken < at_most; }).ok());
        EXPECT_EQ(taken, at_most);
    }
    EXPECT_THAT(all, SizeIs(11)) << "with the line between the groups";
}

TEST_F(LogContext, DoesNotReadBlocksWithoutANeighbourAndTellsDamageOfOthers) {
    const vault::VaultReader vault = Open();
    const vault::Segment& segment = vault.segments().segments()[1];
    const vault::BlockEntry& damaged = segment.blocks()[1];  // records 15 to 19, of b
    std::string bytes = vault::ReadFile(segment.path()).value();
    bytes[damaged.offset + damaged.stored_bytes - 1] ^= 1;
    vault::ScratchFolder::Write(segment.path(), bytes);

    EXPECT_THAT(WalkAround({14, 24}, {.source = "a"}).value(), ElementsAre("12-", "14:", "20-", "--", "23-", "24:", "26-"));
    EXPECT_THAT(WalkAround({7, 22}, {}).value(), ElementsAre("6-", "7:", "8-", "--", "21-", "22:", "23-"));
    for (const std::uint64_t hit : {14U, 20U}) {
        const auto walked = WalkAround({hit}, {});
        ASSERT_FALSE(walked.ok()) << hit;
        EXPECT_EQ(walked.error().code, ErrorCode::kCorrupt);
        EXPECT_THAT(walked.error().caller_text.en, HasSubstr("00000000000000000010.seg"));
    }
}

}  // namespace
}  // namespace opsteward::logs
