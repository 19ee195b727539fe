// A disk that is full: what was acknowledged is kept and sealed, nothing more is acknowledged, and with room it goes on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>

#include "base/civil_time.hpp"
#include "db/testing/own_process.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/vault_reader.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::vault {
namespace {

constexpr std::uint64_t kMiB = 1U << 20;

class VaultReserve : public ::testing::Test {
  protected:
    static VaultIdentity Identity() { return {"test/vault", crypto::Ed25519SigningKey::FromSeed({3})}; }
    std::unique_ptr<VaultWriter> Open(VaultOptions options = {}) {
        auto writer = VaultWriter::Open(vault(), Identity(), options);
        EXPECT_TRUE(writer.ok()) << writer.error().operator_text;
        return std::move(writer).value();
    }
    std::filesystem::path vault() const { return folder_.path() / "vault"; }
    std::filesystem::path reserve() const { return Layout{vault()}.reserve(); }
    struct stat StatusOfReserve() const {
        struct stat status {};
        EXPECT_EQ(::lstat(reserve().c_str(), &status), 0);
        return status;
    }
    bool HasWholeReserve() const { return Reserve::BytesAt(reserve()) == Reserve::kBytes && std::filesystem::file_size(reserve()) == Reserve::kBytes; }

    ScratchFolder folder_;
};

TEST_F(VaultReserve, IsMadeAtTheStartOfZerosThatReallyTakeRoomForTheOwnerAlone) {
    const auto writer = Open();
    EXPECT_TRUE(writer->has_reserve());
    const struct stat status = StatusOfReserve();
    EXPECT_EQ(static_cast<std::uint64_t>(status.st_size), Reserve::kBytes);
    EXPECT_GE(static_cast<std::uint64_t>(status.st_blocks) * 512, Reserve::kBytes);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(ReadFile(reserve()).value(), std::string(Reserve::kBytes, '\0'));
}

TEST_F(VaultReserve, IsMadeWholeAtTheNextStart) {
    Open();
    const std::pair<const char*, std::function<void()>> damages[] = {
        {"missing", [&] { std::filesystem::remove(reserve()); }},
        {"empty", [&] { std::filesystem::resize_file(reserve(), 0); }},
        {"cut short", [&] { std::filesystem::resize_file(reserve(), Reserve::kBytes - 1); }},
        {"too long", [&] { std::filesystem::resize_file(reserve(), Reserve::kBytes + 1); }},
        {"copied without its blocks",
         [&] {
             std::filesystem::resize_file(reserve(), 0);
             std::filesystem::resize_file(reserve(), Reserve::kBytes);
         }},
    };
    for (const auto& [what, damage] : damages) {
        damage();
        EXPECT_FALSE(HasWholeReserve()) << what;
        EXPECT_TRUE(Open()->has_reserve()) << what;
        EXPECT_TRUE(HasWholeReserve()) << what;
    }
}

TEST_F(VaultReserve, WhoseNameLeadsElsewhereIsRefusedAndNothingIsWrittenThere) {
    Open();
    const std::filesystem::path elsewhere = folder_.path() / "elsewhere";
    ScratchFolder::Write(elsewhere, "mine");
    std::filesystem::remove(reserve());
    std::filesystem::create_symlink(elsewhere, reserve());
    EXPECT_FALSE(VaultWriter::Open(vault(), Identity()).ok());
    EXPECT_EQ(ReadFile(elsewhere).value(), "mine");
    EXPECT_TRUE(std::filesystem::is_symlink(reserve()));
}

class FullDisk : public VaultReserve {
  protected:
    /// Runs `body` in a process of its own in which the folder is a disk of so many bytes. What it expects in vain is printed by that process.
    void OnADiskOf(std::uint64_t bytes, const std::function<void()>& body) {
        constexpr int kFailed = 1;
        constexpr int kNotPossibleHere = 2;
        const int outcome = db::testing::InAProcessOfItsOwn([&] {
            if (!db::testing::MountSmallDisk(folder_.path(), bytes)) return kNotPossibleHere;
            body();
            return HasFailure() ? kFailed : 0;
        });
        if (outcome == kNotPossibleHere) GTEST_SKIP() << "a process may not mount a file system in a namespace of its own here";
        EXPECT_EQ(outcome, 0);
    }

    void FillUp(std::uint64_t leave = 0) const {
        const int descriptor = ::open(Ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ASSERT_GE(descriptor, 0);
        ASSERT_EQ(::lseek(descriptor, 0, SEEK_END) >= 0, true);
        const std::string page(4096, 'x');
        while (std::filesystem::space(folder_.path()).available > leave && ::write(descriptor, page.data(), page.size()) > 0) {
        }
        ::close(descriptor);
        ASSERT_LE(std::filesystem::space(folder_.path()).available, leave);
    }
    void MakeRoom() const { std::filesystem::remove(Ballast()); }
    std::filesystem::path Ballast() const { return folder_.path() / "ballast"; }

    Result<std::uint64_t> Append(VaultWriter& writer, std::uint64_t count) {
        const std::vector<RecordView> records(count, RecordView{now_, Transport::kTcp, "fw", "os", "", "permit"});
        return writer.Append(records);
    }
    /// Of which no compressor makes less.
    Result<std::uint64_t> AppendNoise(VaultWriter& writer, std::uint64_t count, std::size_t bytes) {
        std::vector<std::string> messages(count, std::string(bytes, '\0'));
        std::vector<RecordView> records;
        for (std::string& message : messages) {
            for (char& byte : message) byte = static_cast<char>(random_() >> 24);
            records.push_back({now_, Transport::kTcp, "fw", "os", "", message});
        }
        return writer.Append(records);
    }
    void ExpectFull(const auto& outcome) {
        ASSERT_FALSE(outcome.ok());
        EXPECT_EQ(outcome.error().code, ErrorCode::kFull) << outcome.error().operator_text;
    }
    /// The checkpoint that lies there is of all records that do.
    void ExpectAllSealed(std::uint64_t size) {
        const auto reader = VaultReader::Open(vault());
        ASSERT_TRUE(reader.ok()) << reader.error().operator_text;
        EXPECT_EQ(reader->size(), size);
        ASSERT_TRUE(reader->sealed().has_value());
        const auto checkpoint = OpenCheckpoint(Note::Parse(*reader->sealed()).value(), Identity().public_key());
        ASSERT_TRUE(checkpoint.ok());
        EXPECT_EQ(checkpoint->size, size);
        EXPECT_EQ(checkpoint->root, reader->Root().value());
    }
    void ExpectThatItGoesOn(VaultWriter& writer) {
        const std::uint64_t before = writer.size();
        EXPECT_EQ(Append(writer, 1).value(), before);
        EXPECT_TRUE(writer.has_reserve());
        EXPECT_TRUE(HasWholeReserve());
        EXPECT_TRUE(writer.WriteSegments().ok());
        EXPECT_TRUE(writer.Seal().ok());
        ExpectAllSealed(before + 1);
    }

    Instant now_ = ParseRfc3339("2026-11-24T12:00:00Z").value();
    std::mt19937 random_{7};
};

TEST_F(FullDisk, KeepsNothingMoreAndSealsWhatItKept) {
    OnADiskOf(16 * kMiB, [&] {
        const auto writer = Open();
        ASSERT_TRUE(Append(*writer, 3).ok());
        FillUp();
        for (int i = 0; i < 3; ++i) ExpectFull(Append(*writer, 1000));
        EXPECT_EQ(writer->size(), 3U);
        EXPECT_TRUE(HasWholeReserve()) << "what comes in never has its room";
        EXPECT_EQ(writer->Seal().value().size, 3U);
        ExpectAllSealed(3);
        MakeRoom();
        ExpectThatItGoesOn(*writer);
    });
}

TEST_F(FullDisk, KeepsNothingMoreOnceTheReserveIsUsedUpHoweverSmall) {
    OnADiskOf(16 * kMiB, [&] {
        const auto writer = Open();
        ASSERT_TRUE(Append(*writer, 3).ok());
        FillUp();
        // The first checkpoint stays, so a whole reserve does not fit beside it.
        ASSERT_TRUE(writer->Seal().ok());
        EXPECT_FALSE(writer->has_reserve());
        EXPECT_FALSE(std::filesystem::exists(reserve()));
        EXPECT_GT(std::filesystem::space(folder_.path()).available, 3 * kMiB);
        ExpectFull(Append(*writer, 1));
        EXPECT_TRUE(writer->Seal().ok()) << "there is room for one, and it is left to it";
        ExpectAllSealed(3);
        MakeRoom();
        ASSERT_TRUE(writer->Seal().ok());
        EXPECT_TRUE(writer->has_reserve()) << "whoever comes first makes it anew";
        ExpectThatItGoesOn(*writer);
    });
}

TEST_F(FullDisk, IsSealedAgainAndAgainWithTheSameReserve) {
    OnADiskOf(16 * kMiB, [&] {
        const auto writer = Open();
        ASSERT_TRUE(writer->Seal().ok());
        for (std::uint64_t i = 1; i <= 3; ++i) {
            MakeRoom();
            ASSERT_TRUE(Append(*writer, 1).ok());
            FillUp();
            ASSERT_TRUE(writer->Seal().ok());
            EXPECT_TRUE(writer->has_reserve() && HasWholeReserve()) << "a checkpoint takes the place of the one before";
            ExpectAllSealed(i);
        }
    });
}

TEST_F(FullDisk, IsSealedByAWriterThatFindsItFull) {
    OnADiskOf(16 * kMiB, [&] {
        ASSERT_TRUE(Append(*Open(), 300).ok());
        FillUp();
        const auto writer = Open();
        EXPECT_EQ(writer->size(), 300U);
        EXPECT_TRUE(writer->has_reserve());
        ExpectFull(Append(*writer, 1000));
        ASSERT_TRUE(writer->Seal().ok());
        ExpectAllSealed(300);
        MakeRoom();
        ExpectThatItGoesOn(*writer);
    });
}

TEST_F(FullDisk, WithoutRoomForAReserveIsOpenedAndTakesNothingIn) {
    OnADiskOf(Reserve::kBytes / 2, [&] {
        const auto writer = Open();
        EXPECT_FALSE(writer->has_reserve());
        EXPECT_FALSE(std::filesystem::exists(reserve())) << "half of it is left to others";
        ExpectFull(Append(*writer, 1));
        EXPECT_EQ(writer->size(), 0U);
        EXPECT_TRUE(writer->Seal().ok());
        ExpectAllSealed(0);
        EXPECT_EQ(Judge(writer->MeasureSpace(now_).value()), SpaceState::kFull);
    });
}

TEST_F(FullDisk, LeavesInTheLogWhatHasNoRoomInSegmentsAndWritesTheirUpperHashes) {
    OnADiskOf(24 * kMiB, [&] {
        const auto writer = Open();
        ASSERT_TRUE(AppendNoise(*writer, 600, 10'000).ok());
        FillUp();
        ExpectFull(writer->WriteSegments());
        EXPECT_EQ(std::filesystem::file_size(Layout{vault()}.tree() / "08"), 2U * 32);
        EXPECT_TRUE(std::filesystem::is_empty(Layout{vault()}.segments())) << "no half of a segment keeps the room that is left";
        ExpectAllSealed(600);
        MakeRoom();
        ASSERT_TRUE(writer->WriteSegments().ok());
        EXPECT_EQ(VaultReader::Open(vault())->segment_count(), 1U);
        ExpectThatItGoesOn(*writer);
    });
}

TEST_F(FullDisk, IsMadeEmptierBySegmentsThatFitIntoWhatTheReserveGaveUp) {
    OnADiskOf(24 * kMiB, [&] {
        const auto writer = Open();
        ASSERT_TRUE(Append(*writer, 100'000).ok());
        FillUp();
        ASSERT_TRUE(writer->WriteSegments().ok());
        ExpectAllSealed(100'000);
        ExpectThatItGoesOn(*writer);
    });
}

TEST_F(FullDisk, ThatFillsUpWhileSegmentsAreWrittenBesideIsSealedAllTheSame) {
    OnADiskOf(24 * kMiB, [&] {
        const auto writer = Open({.segment_bytes = kMiB});
        std::uint64_t kept = 0;
        for (int i = 0; i < 400; ++i) {
            const auto appended = AppendNoise(*writer, 1, 100'000);
            if (!appended.ok()) {
                ExpectFull(appended);
                break;
            }
            ++kept;
            ASSERT_TRUE(writer->Seal().ok()) << kept;
        }
        EXPECT_GT(kept, 50U);
        EXPECT_LT(kept, 300U);
        EXPECT_EQ(writer->size(), kept);
        FillUp();
        ASSERT_TRUE(writer->Seal().ok());
        ExpectAllSealed(kept);
    });
}

TEST_F(FullDisk, IsMadeEmptierByRetention) {
    OnADiskOf(16 * kMiB, [&] {
        const auto writer = Open();
        ASSERT_TRUE(Append(*writer, 20'000).ok());
        ASSERT_TRUE(writer->WriteSegments().ok());
        ASSERT_TRUE(Append(*writer, 1).ok());
        ASSERT_TRUE(writer->WriteSegments().ok());
        ASSERT_TRUE(writer->Seal().ok());
        FillUp();
        ExpectFull(Append(*writer, 1000));
        const RetentionRules rules = ParseRetentionRules("days = 190\n", "r").value();
        const auto range = writer->DeleteSegment(0, rules, now_);
        ASSERT_TRUE(range.ok()) << range.error().operator_text;
        EXPECT_EQ(range->event, 20'001U);
        ExpectAllSealed(20'002);
        EXPECT_TRUE(writer->has_reserve()) << "what was deleted makes room for it";
        MakeRoom();
        ExpectThatItGoesOn(*writer);
    });
}

}  // namespace
}  // namespace opsteward::vault
