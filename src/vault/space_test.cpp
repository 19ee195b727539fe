#include "vault/space.hpp"

#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "vault/store/reserve.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::vault {
namespace {

constexpr std::uint64_t kMiB = 1U << 20;
constexpr std::uint64_t kGiB = 1U << 30;

struct Case {
    const char* why;
    Space space;
    SpaceState state;
};

TEST(TheSpaceOfAVault, IsEnoughLowOrFull) {
    constexpr std::uint64_t kReserve = Reserve::kBytes;
    const Case cases[] = {
        {"a new vault on a wide disk", {100 * kGiB, 90 * kGiB, kReserve, 0}, SpaceState::kEnough},
        {"just a tenth of the disk", {100 * kGiB, 10 * kGiB, kReserve, 0}, SpaceState::kEnough},
        {"less than a tenth of the disk", {100 * kGiB, 10 * kGiB - 1, kReserve, 0}, SpaceState::kLow},
        {"room for one more week", {100 * kGiB, 30 * kGiB, kReserve, 30 * kGiB}, SpaceState::kEnough},
        {"less than a week takes", {100 * kGiB, 30 * kGiB - 1, kReserve, 30 * kGiB}, SpaceState::kLow},
        {"room for a full log and its segments", {kGiB, 128 * kMiB, kReserve, 0}, SpaceState::kEnough},
        {"less than a full log and its segments take", {kGiB, 128 * kMiB - 1, kReserve, 0}, SpaceState::kLow},
        {"room for the largest group", {kGiB, 8 * kMiB, kReserve, 0}, SpaceState::kLow},
        {"no room for the largest group", {kGiB, 8 * kMiB - 1, kReserve, 0}, SpaceState::kFull},
        {"nothing at all", {kGiB, 0, kReserve, 0}, SpaceState::kFull},
        {"room for the reserve, which is missing, and the largest group", {kGiB, 8 * kMiB + kReserve, 0, 0}, SpaceState::kLow},
        {"room for the largest group, and the reserve is missing", {kGiB, 8 * kMiB + kReserve - 1, 0, 0}, SpaceState::kFull},
        {"a file system that tells nothing", {0, 0, 0, 0}, SpaceState::kFull},
    };
    for (const Case& one : cases) EXPECT_EQ(Judge(one.space), one.state) << one.why;
}

TEST(TheSpaceOfAVault, HasNamesForItsStates) {
    EXPECT_EQ(NameOf(SpaceState::kEnough), "enough");
    EXPECT_EQ(NameOf(SpaceState::kLow), "low");
    EXPECT_EQ(NameOf(SpaceState::kFull), "full");
}

TEST(TheSpaceOfAVault, IsMeasuredWithWhatTheLastSevenDaysTook) {
    const ScratchFolder folder;
    const Instant now = ParseRfc3339("2026-11-24T12:00:00Z").value();
    const Layout layout{folder.path()};
    auto writer = VaultWriter::Open(folder.path(), {"test/vault", crypto::Ed25519SigningKey::FromSeed({3})}).value();
    const auto add = [&](std::chrono::hours age) {
        const RecordView record{now - age, Transport::kTcp, "fw", "os", "", "permit"};
        ASSERT_TRUE(writer->Append(std::span(&record, 1)).ok());
    };
    const auto last_week = [&] { return writer->MeasureSpace(now).value().last_week; };
    const auto size_of = [&](std::uint64_t first) { return std::filesystem::file_size(layout.segments() / NumberedName(first, kSegmentSuffix)); };
    const auto log_bytes = [&] {
        std::uint64_t bytes = 0;
        for (const auto& file : std::filesystem::directory_iterator(layout.log())) bytes += file.file_size();
        return bytes;
    };
    constexpr std::chrono::hours kWeek{7 * 24};
    for (const std::chrono::hours age : {kWeek + std::chrono::hours(1), kWeek, std::chrono::hours(0)}) {
        add(age);
        ASSERT_TRUE(writer->WriteSegments().ok());
    }
    EXPECT_EQ(last_week(), size_of(1) + size_of(2) + log_bytes());
    const std::uint64_t before = last_week();
    add(std::chrono::hours(0));
    EXPECT_GT(last_week(), before) << "what lies in the log counts";

    const Space space = writer->MeasureSpace(now).value();
    EXPECT_GE(space.capacity, space.free);
    EXPECT_EQ(space.reserved, Reserve::kBytes);
    std::filesystem::remove(layout.reserve());
    EXPECT_EQ(writer->MeasureSpace(now).value().reserved, 0U);
    std::filesystem::remove_all(folder.path());
    EXPECT_FALSE(writer->MeasureSpace(now).ok());
}

}  // namespace
}  // namespace opsteward::vault
