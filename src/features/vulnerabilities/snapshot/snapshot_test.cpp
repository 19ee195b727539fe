#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "db/testing/test_databases.hpp"
#include "features/vulnerabilities/snapshot/applicability.hpp"
#include "features/vulnerabilities/snapshot/testing/made_snapshot.hpp"

namespace opsteward::vuln {
namespace {

using testing::MakeSnapshot;
using testing::RunsOn;
using testing::Simple;
using testing::Together;
using testing::Vulnerable;

std::string BytesOfFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
void WriteFile(const std::filesystem::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::vector<Vulnerability> Examples() {
    std::vector<Vulnerability> records{
        Simple("CVE-2024-10000", {Vulnerable("cpe:2.3:a:tukaani:xz:*:*:*:*:*:*:*:*", "5.6.0", "5.6.2")}),
        Simple("CVE-2024-9999", {Vulnerable("cpe:2.3:a:tukaani:xz:5.0:rc1:*:*:*:*:*:*"), Vulnerable("cpe:2.3:a:v:*:1:*:*:*:*:*:*:*")}),
        Together("CVE-2023-1", {{Vulnerable("cpe:2.3:a:v:p:*:*:*:*:pro:*:*:*", "", "2")}, {RunsOn("cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*")}}),
    };
    records[0].metrics = {{Origin::kNvd, 31, Metric::kUnscored, "redhat", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}};
    records[0].packages = {{Origin::kDebian, "Debian:12", "xz-utils", "", "5.6.1+really5.4.5-1", true, false, ""}};
    records[1].known_exploited = KnownExploited{"2024-04-01", "2024-04-22", "Apply updates.", true};
    return records;
}

class SnapshotTest : public ::testing::Test {
  protected:
    std::filesystem::path Path() const { return folder_.path() / "a.snap"; }

    db::testing::TemporaryFolder folder_;
};

TEST_F(SnapshotTest, HoldsEachRecordWhole) {
    const auto snapshot = MakeSnapshot(Examples(), Path());
    ASSERT_NE(snapshot, nullptr);
    ASSERT_EQ(snapshot->records(), 3U);
    for (Vulnerability record : Examples()) {
        for (Metric& metric : record.metrics) metric.score_tenths = 100;
        const auto slot = snapshot->SlotOf(record.id);
        ASSERT_TRUE(slot.has_value()) << record.id;
        EXPECT_EQ(snapshot->Detail(*slot).value(), record);
    }
    EXPECT_FALSE(snapshot->SlotOf("CVE-2024-1000").has_value());
    EXPECT_FALSE(snapshot->SlotOf("").has_value());
}

TEST_F(SnapshotTest, AScoreThatASourceLeftOutIsComputedFromItsVector) {
    const auto snapshot = MakeSnapshot(Examples(), Path());
    ASSERT_NE(snapshot, nullptr);
    const auto slot = snapshot->SlotOf("CVE-2024-10000").value();
    EXPECT_EQ(snapshot->Record(slot).score_tenths, 100);
    EXPECT_EQ(snapshot->Scorer(slot), "redhat");
}

TEST_F(SnapshotTest, OrdersIdsByTheirNumbers) {
    EXPECT_TRUE(IsIdBefore("CVE-2024-9999", "CVE-2024-10000"));
    EXPECT_TRUE(IsIdBefore("CVE-1999-1", "CVE-2024-1"));
    EXPECT_TRUE(IsIdBefore("CVE-2024-1", "GHSA-1"));
    EXPECT_TRUE(IsIdBefore("CVE-2024-01", "CVE-2024-1") != IsIdBefore("CVE-2024-1", "CVE-2024-01"));
    EXPECT_FALSE(IsIdBefore("CVE-2024-1", "CVE-2024-1"));
}

TEST_F(SnapshotTest, FindsProductsAndEcosystems) {
    const auto snapshot = MakeSnapshot(Examples(), Path());
    ASSERT_NE(snapshot, nullptr);
    EXPECT_TRUE(snapshot->FindProduct("a:tukaani:xz").has_value());
    EXPECT_FALSE(snapshot->FindProduct("a:tukaani:xy").has_value());
    EXPECT_TRUE(snapshot->HasEcosystem("Debian:12"));
    EXPECT_FALSE(snapshot->HasEcosystem("Debian:1"));
    EXPECT_FALSE(snapshot->HasEcosystem("Debian:13"));
    ASSERT_EQ(snapshot->wild_products().size(), 1U);
    EXPECT_EQ(snapshot->ProductKey(snapshot->wild_products()[0]), "a:v:*");
}

TEST_F(SnapshotTest, ABlockGivesItsRangesBackAsTheyWere) {
    const auto snapshot = MakeSnapshot(Examples(), Path());
    ASSERT_NE(snapshot, nullptr);
    const auto block = snapshot->Block(snapshot->FindProduct("a:tukaani:xz").value());
    ASSERT_TRUE(block.ok());
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < block->ranges().size(); ++i) {
        const auto keyed = block->Keyed(i);
        ASSERT_TRUE(keyed.has_value());
        texts.push_back(std::string(keyed->low_text) + "|" + std::string(keyed->high_text));
        ASSERT_TRUE(keyed->has_low);
        EXPECT_EQ(block->PlaceOf(keyed->low) % 2, 1U);
    }
    EXPECT_THAT(texts, ::testing::UnorderedElementsAre("5.6.0|5.6.2", "5.0:rc1|"));
}

TEST_F(SnapshotTest, PredictionsAloneMakeNoRecord) {
    RecordStore store;
    testing::Store(Examples(), store);
    for (const std::string id : {"CVE-2024-9999", "CVE-1999-7"}) {
        Vulnerability prediction;
        prediction.id = id;
        prediction.exploit_prediction = ExploitPrediction{120'000, 900'000};
        ASSERT_TRUE(store.Add(prediction, 1).ok());
    }
    CompileOptions options;
    options.out = Path();
    ASSERT_TRUE(CompileSnapshot(store, options).ok());
    const auto snapshot = Snapshot::Open(Path()).value();
    EXPECT_EQ(snapshot->records(), 3U);
    EXPECT_EQ(snapshot->Detail(snapshot->SlotOf("CVE-2024-9999").value())->exploit_prediction, (ExploitPrediction{120'000, 900'000}));
    EXPECT_EQ(snapshot->Record(snapshot->SlotOf("CVE-2024-10000").value()).probability, kUnpredicted);
}

TEST_F(SnapshotTest, TheSameRecordsMakeTheSameFileWithAnyNumberOfThreads) {
    std::vector<Vulnerability> records;
    for (int i = 0; i < 500; ++i) {
        records.push_back(Simple("CVE-2020-" + std::to_string(i), {Vulnerable("cpe:2.3:a:v:p" + std::to_string(i % 7) + ":*:*:*:*:*:*:*:*", "", std::to_string(i))}));
    }
    std::vector<std::string> files;
    for (const unsigned threads : {1U, 2U, 5U}) {
        RecordStore store;
        testing::Store(records, store);
        CompileOptions options;
        options.out = Path();
        options.threads = threads;
        ASSERT_TRUE(CompileSnapshot(store, options).ok());
        files.push_back(BytesOfFile(Path()));
    }
    EXPECT_EQ(files[0], files[1]);
    EXPECT_EQ(files[0], files[2]);
}

TEST_F(SnapshotTest, ACancelledCompilationLeavesTheFileAsItWas) {
    ASSERT_NE(MakeSnapshot(Examples(), Path()), nullptr);
    const std::string before = BytesOfFile(Path());
    RecordStore store;
    testing::Store({Simple("CVE-1-1", {})}, store);
    CompileOptions options;
    options.out = Path();
    options.is_cancelled = [] { return true; };
    const auto cancelled = CompileSnapshot(store, options);
    ASSERT_FALSE(cancelled.ok());
    EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(BytesOfFile(Path()), before);
}

TEST_F(SnapshotTest, RefusesAnIdThatIsNone) {
    RecordStore store;
    for (const std::string& id : {std::string(), std::string(65, 'A'), std::string("CVE 1"), std::string("CVE\n1")}) {
        Vulnerability record;
        record.id = id;
        EXPECT_FALSE(store.Add(record, 0).ok());
    }
}

/// Reads everything that a damaged file may lead astray.
void ReadAll(const Snapshot& snapshot) {
    for (std::uint32_t slot = 0; slot < snapshot.records(); ++slot) {
        (void)snapshot.Detail(slot).ok();
        (void)snapshot.Scorer(slot);
    }
    for (std::uint32_t product = 0; product < snapshot.products(); ++product) {
        const auto block = snapshot.Block(product);
        if (!block.ok()) continue;
        for (std::size_t i = 0; i < block->ranges().size(); ++i) {
            (void)block->Keyed(i);
            (void)snapshot.Attributes(block->ranges()[i].attributes());
        }
        (void)block->PlaceOf("x");
    }
    (void)snapshot.Meta().ok();
}

TEST_F(SnapshotTest, EveryFlippedBitIsRefusedOrFoundWhereItIsUsed) {
    ASSERT_NE(MakeSnapshot(Examples(), Path()), nullptr);
    const std::string whole = BytesOfFile(Path());
    std::size_t refused_at_opening = 0;
    std::size_t unnoticed = 0;
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += 3) {
        std::string damaged = whole;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        const auto path = folder_.path() / "damaged.snap";
        WriteFile(path, damaged);
        const auto snapshot = Snapshot::Open(path);
        if (!snapshot.ok()) {
            ++refused_at_opening;
            EXPECT_EQ(snapshot.error().code, ErrorCode::kCorrupt);
            continue;
        }
        bool is_found = false;
        for (std::uint32_t product = 0; product < (*snapshot)->products(); ++product) is_found = is_found || !(*snapshot)->Block(product).ok();
        for (std::uint32_t slot = 0; slot < (*snapshot)->records(); ++slot) is_found = is_found || !(*snapshot)->Detail(slot).ok();
        // The zeros between sections say nothing.
        if (!is_found) unnoticed += 1;
        ReadAll(**snapshot);
    }
    EXPECT_GT(refused_at_opening, 100U);
    EXPECT_LT(unnoticed, kSections * 8 * 8 / 3) << "more than the zeros between sections";
}

TEST_F(SnapshotTest, RefusesAFileThatIsCutShortAnywhere) {
    ASSERT_NE(MakeSnapshot(Examples(), Path()), nullptr);
    const std::string whole = BytesOfFile(Path());
    const auto path = folder_.path() / "cut.snap";
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        WriteFile(path, whole.substr(0, size));
        EXPECT_FALSE(Snapshot::Open(path).ok()) << size;
    }
}

TEST_F(SnapshotTest, SaysWhatIsNoSnapshot) {
    WriteFile(Path(), "not a snapshot" + std::string(1000, ' '));
    const auto text = Snapshot::Open(Path());
    ASSERT_FALSE(text.ok());
    EXPECT_NE(text.error().caller_text.en.find("is no snapshot"), std::string::npos);
    EXPECT_FALSE(Snapshot::Open(folder_.path()).ok()) << "a folder";
    const auto missing = Snapshot::Open(folder_.path() / "missing");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

// ---- Update

UpdateCounts Update(const std::filesystem::path& base, const std::vector<Vulnerability>& records, const std::filesystem::path& out,
                    std::vector<Origin> whole_origins = {}) {
    const auto snapshot = Snapshot::Open(base);
    RecordStore store;
    testing::Store(records, store);
    UpdateOptions options;
    options.out = out;
    options.whole_origins = std::move(whole_origins);
    auto counts = UpdateSnapshot(**snapshot, store, options);
    EXPECT_TRUE(counts.ok());
    return counts.ok() ? *counts : UpdateCounts();
}

TEST_F(SnapshotTest, AnUpdateTouchesTheProductsOfChangedRecordsAlone) {
    ASSERT_NE(MakeSnapshot(Examples(), Path()), nullptr);
    Vulnerability changed = Simple("CVE-2024-9999", {Vulnerable("cpe:2.3:a:new:thing:1:*:*:*:*:*:*:*")});
    changed.modified = "2026-01-01";
    const Vulnerability added = Simple("CVE-2026-1", {Vulnerable("cpe:2.3:a:v:p:3:*:*:*:*:*:*:*")});
    const auto counts = Update(Path(), {changed, added}, folder_.path() / "b.snap");
    EXPECT_EQ(counts.new_records, 1U);
    EXPECT_EQ(counts.changed_records, 1U);
    EXPECT_THAT(counts.changed_products, ::testing::ElementsAre("a:new:thing", "a:tukaani:xz", "a:v:*", "a:v:p"));
    const auto snapshot = Snapshot::Open(folder_.path() / "b.snap").value();
    EXPECT_EQ(snapshot->records(), 4U);
    EXPECT_FALSE(snapshot->FindProduct("a:v:*").has_value()) << "no record is about it any more";
    EXPECT_EQ(snapshot->Block(snapshot->FindProduct("a:tukaani:xz").value())->ranges().size(), 1U);
    EXPECT_EQ(snapshot->Block(snapshot->FindProduct("a:v:p").value())->ranges().size(), 2U);
}

TEST_F(SnapshotTest, AnUpdateThatSaysNothingNewTouchesNothing) {
    ASSERT_NE(MakeSnapshot(Examples(), Path()), nullptr);
    const auto counts = Update(Path(), Examples(), folder_.path() / "b.snap");
    EXPECT_EQ(counts.changed_records, 0U);
    EXPECT_TRUE(counts.changed_products.empty());
}

TEST_F(SnapshotTest, WhatAWholeListNoLongerSaysIsGone) {
    ASSERT_NE(MakeSnapshot(Examples(), Path()), nullptr);
    Vulnerability other;
    other.id = "CVE-2023-1";
    other.packages = {{Origin::kDebian, "Debian:12", "other", "", "", true, false, ""}};
    const auto counts = Update(Path(), {other}, folder_.path() / "b.snap", {Origin::kDebian, Origin::kKev});
    EXPECT_EQ(counts.changed_records, 3U) << "one is no longer Debian's, one is newly so, one is not exploited any more";
    const auto snapshot = Snapshot::Open(folder_.path() / "b.snap").value();
    EXPECT_TRUE(snapshot->Detail(snapshot->SlotOf("CVE-2024-10000").value())->packages.empty());
    EXPECT_FALSE(snapshot->FindProduct("pkg\nDebian:12\nxz-utils").has_value());
    EXPECT_EQ(snapshot->Record(snapshot->SlotOf("CVE-2024-9999").value()).is_known_exploited, 0);
}

TEST_F(SnapshotTest, ManyUpdatesEndWhereCompilingAllAtOnceEnds) {
    const auto record = [](int number, int round) {
        Vulnerability made = Together("CVE-2020-" + std::to_string(number),
                                      {{Vulnerable("cpe:2.3:a:v:p" + std::to_string((number + round) % 9) + ":*:*:*:*:*:*:*:*", "", std::to_string(number))},
                                       {RunsOn("cpe:2.3:o:w:w" + std::to_string(round) + ":-:*:*:*:*:*:*:*")}});
        made.modified = std::to_string(round);
        return made;
    };
    std::vector<Vulnerability> last;
    for (int i = 0; i < 150; ++i) last.push_back(record(i, 0));
    ASSERT_NE(MakeSnapshot(last, Path()), nullptr);
    for (int round = 1; round < 6; ++round) {
        std::vector<Vulnerability> changes;
        for (int i = round; i < 150 + round; i += 7) {
            changes.push_back(record(i, round));
            if (static_cast<std::size_t>(i) < last.size()) {
                last[static_cast<std::size_t>(i)] = changes.back();
            } else {
                last.push_back(changes.back());
            }
        }
        Update(Path(), changes, Path());
    }
    const auto updated = Snapshot::Open(Path()).value();
    const auto whole = MakeSnapshot(last, folder_.path() / "whole.snap");
    ASSERT_NE(whole, nullptr);
    ASSERT_EQ(updated->products(), whole->products());
    for (std::uint32_t product = 0; product < whole->products(); ++product) {
        ASSERT_EQ(updated->ProductKey(product), whole->ProductKey(product));
        const auto a = updated->Block(product).value();
        const auto b = whole->Block(product).value();
        ASSERT_EQ(a.ranges().size(), b.ranges().size());
        for (std::size_t i = 0; i < a.ranges().size(); ++i) EXPECT_EQ(a.Keyed(i)->high_text, b.Keyed(i)->high_text);
    }
    for (const Vulnerability& one : last) EXPECT_EQ(updated->Detail(updated->SlotOf(one.id).value()).value(), one);
}

// ---- What a record applies to

TEST(Applicability, CriteriaThatDecideAloneNeedNoConfiguration) {
    const auto applicability = ApplicabilityOf(Simple("CVE-1-1", {Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"), RunsOn("cpe:2.3:a:v:q:1:*:*:*:*:*:*:*")}));
    EXPECT_TRUE(applicability.configurations.empty());
    ASSERT_EQ(applicability.ranges.size(), 1U) << "what is not vulnerable says nothing there";
    EXPECT_EQ(applicability.ranges[0].product, "a:v:p");
}

TEST(Applicability, ANodeThatNeedsAllHasALeafForEach) {
    Vulnerability record = Together("CVE-1-1", {{Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"), Vulnerable("cpe:2.3:h:v:q:1:*:*:*:*:*:*:*")}, {}});
    record.configurations[0].nodes[0].needs_all = true;
    const auto applicability = ApplicabilityOf(record);
    ASSERT_EQ(applicability.leaves.size(), 3U);
    EXPECT_EQ(applicability.leaves[0].parts, LeafEntry::kApplication);
    EXPECT_EQ(applicability.leaves[1].parts, LeafEntry::kHardware);
    EXPECT_EQ(applicability.leaves[2].parts, LeafEntry::kUntold);
}

TEST(Applicability, NamesAreCanonical) {
    const auto applicability = ApplicabilityOf(Simple("CVE-1-1", {Vulnerable("cpe:2.3:a:Vendor:Prod\\-uct:1:*:*:*:*:*:*:*")}));
    ASSERT_EQ(applicability.ranges.size(), 1U);
    EXPECT_EQ(applicability.ranges[0].product, ApplicabilityOf(Simple("CVE-1-1", {Vulnerable("cpe:2.3:a:vendor:prod-uct:1:*:*:*:*:*:*:*")})).ranges[0].product);
}

TEST(Applicability, AMatchStringThatIsNoneIsCountedAndMakesItsLeafUnknown) {
    const auto applicability = ApplicabilityOf(Together("CVE-1-1", {{Vulnerable("nonsense")}, {RunsOn("cpe:2.3:o:w:w:-:*:*:*:*:*:*:*")}}));
    EXPECT_EQ(applicability.odd_criteria, 1U);
    EXPECT_EQ(applicability.leaves[0].parts, LeafEntry::kUntold);
}

TEST(Applicability, ACommitOrAWordAsAnEndDecidesNothing) {
    for (const std::string& end : {std::string("1da177e4c3f41524e886b7f1b8a0c1fc7321cac2"), std::string("publication"), std::string("https://example.org/1.2")}) {
        const auto applicability = ApplicabilityOf(Simple("CVE-1-1", {Vulnerable("cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*", "5.0", end)}));
        ASSERT_EQ(applicability.ranges.size(), 1U);
        EXPECT_TRUE(applicability.ranges[0].is_undetermined) << end;
        EXPECT_TRUE(applicability.ranges[0].low.is_given);
        EXPECT_FALSE(applicability.ranges[0].high.is_given);
    }
    for (const std::string& end : {std::string("20230221"), std::string("1.0"), std::string("8u45"), std::string("202302211200")}) {
        EXPECT_FALSE(ApplicabilityOf(Simple("CVE-1-1", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", end)})).ranges[0].is_undetermined) << end;
    }
}

TEST(Applicability, AVersionOfAbsurdLengthDecidesNothing) {
    const auto applicability = ApplicabilityOf(Simple("CVE-1-1", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", std::string(1000, '1'))}));
    ASSERT_EQ(applicability.ranges.size(), 1U);
    EXPECT_TRUE(applicability.ranges[0].is_undetermined);
}

}  // namespace
}  // namespace opsteward::vuln
