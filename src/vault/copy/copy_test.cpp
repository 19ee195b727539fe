// A copy of the vault and what is made of it again: whatever goes wrong in between, the next run ends with the same bytes, and nothing that was altered passes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/civil_time.hpp"
#include "vault/copy/copier.hpp"
#include "vault/copy/copy_layout.hpp"
#include "vault/copy/restorer.hpp"
#include "vault/leaf_source.hpp"
#include "vault/store/file.hpp"
#include "vault/store/gone_file.hpp"
#include "vault/testing/failing_target.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::vault {
namespace {

using testing::FailingTarget;
using ::testing::HasSubstr;

constexpr std::string_view kFirstSegment = "segments/00000000000000000000.seg";
constexpr std::string_view kSecondSegment = "segments/00000000000000000003.seg";

using Files = std::map<std::string, std::string>;

Files FilesBelow(const std::filesystem::path& folder) {
    Files files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files[std::filesystem::relative(entry.path(), folder).string()] = ReadFile(entry.path()).value();
    }
    return files;
}

class Copy : public ::testing::Test {
  protected:
    Copy() {
        for (const auto& folder : {vault_, scratch_}) std::filesystem::create_directory(folder);
    }

    static VaultIdentity Identity(std::uint8_t seed = 9) { return {"ops.example.gov.tw/vault", crypto::Ed25519SigningKey::FromSeed({seed})}; }
    static NoteKey Key() { return Identity().public_key(); }

    std::unique_ptr<VaultWriter> Writer(const std::filesystem::path& folder) {
        auto writer = VaultWriter::Open(folder, Identity());
        EXPECT_TRUE(writer.ok()) << writer.error().operator_text;
        return std::move(writer).value();
    }
    /// A segment of `count` records, sealed.
    void Fill(const std::filesystem::path& folder, std::uint64_t count, std::string_view text = "event") {
        const auto writer = Writer(folder);
        std::vector<std::string> messages;
        for (std::uint64_t i = 0; i < count; ++i) messages.push_back(std::string(text) + " " + std::to_string(writer->size() + i));
        std::vector<RecordView> records;
        for (const std::string& message : messages) records.push_back({now_, Transport::kImport, "test", "os", "", message});
        ASSERT_TRUE(writer->Append(records).ok());
        ASSERT_TRUE(writer->WriteSegments().ok());
        ASSERT_TRUE(writer->Seal().ok());
    }
    void Fill(std::uint64_t count) { Fill(vault_, count); }
    void Merge() {
        const auto writer = Writer(vault_);
        ASSERT_TRUE(writer->Compact().ok());
    }
    /// As retention does it.
    void DeleteFirstSegment() {
        const auto writer = Writer(vault_);
        ASSERT_TRUE(writer->DeleteSegment(0, {}, now_).ok());
        ASSERT_TRUE(writer->WriteSegments().ok());
        ASSERT_TRUE(writer->Seal().ok());
    }
    /// What the tree needs of the records, without an event that says that they were deleted.
    void MarkFirstSegmentAsDeleted(const std::filesystem::path& folder) {
        const Segment segment = Segment::Open(folder / kFirstSegment).value();
        GoneRange range{segment.first(), segment.end() - segment.first(), segment.end(), {}};
        const std::vector<Hash> leaves = LeavesOf(segment.Read(segment.blocks().front()).value()).value();
        for (const Subtree& subtree : SubtreesOf(range.first, range.count)) {
            range.hashes.push_back(RootOf(std::span(leaves).subspan(subtree.first(), std::size_t{1} << subtree.level)));
        }
        ScratchFolder::Write(folder / NameOfGone(range.first), GoneFileBytes(range));
        std::filesystem::remove(folder / kFirstSegment);
    }
    VaultReader Reader() const { return VaultReader::Open(vault_).value(); }

    Result<CopySummary> CopyTo(CopyTarget& target, bool compares_contents = true) {
        return CopyVault(Reader(), Key(), target, {.compares_contents = compares_contents, .scratch = scratch_});
    }
    Result<CopySummary> CopyAll(bool compares_contents = true) {
        FolderTarget target(copy_);
        return CopyTo(target, compares_contents);
    }
    CopySummary CopyWell() {
        const auto copied = CopyAll();
        EXPECT_TRUE(copied.ok()) << copied.error().operator_text;
        return copied.value_or({});
    }
    /// What a copy of the vault as it is now has to hold; `sizes` are those of all checkpoints that were copied.
    Files Wanted(const std::vector<std::uint64_t>& sizes) const {
        Files files;
        for (const auto& [name, bytes] : FilesBelow(vault_)) {
            if (name.starts_with("segments/") || name == "checkpoint") files[name] = bytes;
        }
        files["vault.pub"] = Key().ToText() + "\n";
        for (const std::uint64_t size : sizes) {
            files[NameOfCheckpoint(size)] = SignCheckpoint({std::string(Key().name), size, Reader().Root(size).value()}, Identity().key).ToText();
        }
        return files;
    }
    Result<RestoreSummary> Restore(CopyTarget& copy, std::optional<NoteKey> key = Key()) { return RestoreVault(copy, restored_, {.key = std::move(key)}); }
    Result<RestoreSummary> Restore() {
        FolderTarget copy(copy_);
        return Restore(copy);
    }

    /// The copy as it was once.
    void PutCopy(const Files& files) const {
        std::filesystem::remove_all(copy_);
        for (const auto& [name, bytes] : files) {
            std::filesystem::create_directories((copy_ / name).parent_path());
            ScratchFolder::Write(copy_ / name, bytes);
        }
    }
    void Flip(std::string_view name, std::int64_t at) const {
        std::string bytes = ReadFile(copy_ / name).value();
        bytes.at(at < 0 ? bytes.size() - static_cast<std::size_t>(-at) : static_cast<std::size_t>(at)) ^= 1;
        ScratchFolder::Write(copy_ / name, bytes);
    }

    ScratchFolder folder_;
    std::filesystem::path vault_ = folder_.path() / "vault";
    std::filesystem::path copy_ = folder_.path() / "copy";
    std::filesystem::path scratch_ = folder_.path() / "scratch";
    std::filesystem::path restored_ = folder_.path() / "restored";
    Instant now_ = ParseRfc3339("2026-11-24T12:00:00Z").value();
};

TEST_F(Copy, HoldsSegmentsCheckpointsAndPublicKeyByteForByte) {
    Fill(3);
    Fill(2);
    const CopySummary copied = CopyWell();
    EXPECT_EQ(FilesBelow(copy_), Wanted({5}));
    EXPECT_EQ(copied.files, 5U);
    EXPECT_EQ(copied.skipped, 0U);
    EXPECT_EQ(copied.checkpoint.size, 5U);
    EXPECT_EQ(copied.checkpoint.root, Reader().Root().value());
}

TEST_F(Copy, SendsWhatIsNewAndKeepsEarlierCheckpoints) {
    Fill(3);
    CopyWell();
    Fill(2);
    const CopySummary copied = CopyWell();
    EXPECT_EQ(FilesBelow(copy_), Wanted({3, 5}));
    EXPECT_EQ(copied.files, 3U) << "a segment and the checkpoint, under both its names";
    EXPECT_EQ(copied.skipped, 2U);
    const CopySummary again = CopyWell();
    EXPECT_EQ(again.files, 0U);
    EXPECT_EQ(again.bytes, 0U);
}

TEST_F(Copy, OfAnEmptyVaultIsOneToo) {
    ASSERT_TRUE(Writer(vault_)->Seal().ok());
    CopyWell();
    ASSERT_TRUE(Restore().ok());
    EXPECT_EQ(Writer(restored_)->size(), 0U);
}

TEST_F(Copy, IsCompletedByTheNextRunWhereverTheLineWasCut) {
    Fill(3);
    Fill(2);
    CopyWell();
    const Files before = FilesBelow(copy_);
    Fill(1);
    Merge();
    Fill(4);
    bool is_done = false;
    for (std::size_t calls = 0; !is_done; ++calls) {
        PutCopy(before);
        FailingTarget target(copy_);
        target.calls_left = calls;
        const auto cut = CopyTo(target);
        is_done = cut.ok();
        if (!is_done) {
            EXPECT_EQ(cut.error().code, ErrorCode::kUnavailable) << calls;
        }
        CopyWell();
        EXPECT_EQ(FilesBelow(copy_), Wanted({5, 10})) << "cut after " << calls << " calls";
        ASSERT_LT(calls, 1000U);
    }
}

TEST_F(Copy, IsCompletedByTheNextRunWhereverTheDiskWasFull) {
    Fill(3);
    Fill(2);
    bool is_done = false;
    for (std::size_t space = 0; !is_done; space += 499) {
        std::filesystem::remove_all(copy_);
        FailingTarget target(copy_);
        target.space_left = space;
        const auto full = CopyTo(target);
        is_done = full.ok();
        if (!is_done) {
            EXPECT_EQ(full.error().code, ErrorCode::kFull) << space;
        }
        CopyWell();
        EXPECT_EQ(FilesBelow(copy_), Wanted({5})) << "full after " << space << " bytes";
    }
}

TEST_F(Copy, GoesOnBehindTheBytesThatAreThere) {
    Fill(300);
    const std::uint64_t segment_bytes = Reader().segments().stored_bytes();
    FailingTarget target(copy_);
    target.space_left = Key().ToText().size() + 1 + 1000;
    ASSERT_FALSE(CopyTo(target).ok());
    const CopySummary copied = CopyWell();
    const std::uint64_t others = 2 * ReadFile(vault_ / "checkpoint")->size();
    EXPECT_EQ(copied.bytes, segment_bytes - 1000 + others);
}

TEST_F(Copy, BeginsAFileAnewWhoseBeginningIsNotThatOfTheVault) {
    Fill(3);
    std::filesystem::create_directories(copy_ / "segments");
    ScratchFolder::Write(copy_ / "vault.pub", Key().ToText() + "\n");
    const std::string segment = ReadFile(vault_ / kFirstSegment).value();
    for (const std::string& begun : {std::string(100, '\0'), segment + "x", segment, std::string()}) {
        std::filesystem::remove(copy_ / kFirstSegment);
        ScratchFolder::Write(copy_ / (std::string(kFirstSegment) + ".new"), begun);
        CopyWell();
        EXPECT_EQ(FilesBelow(copy_), Wanted({3}));
    }
}

TEST_F(Copy, OfWhichSomethingReadsBackOtherwiseThanItWasWrittenIsNotKept) {
    Fill(3);
    FailingTarget target(copy_);
    target.is_forgetful = true;
    const auto copied = CopyTo(target);
    EXPECT_EQ(copied.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(copied.error().caller_text.en, HasSubstr("reads back otherwise"));
    EXPECT_TRUE(FilesBelow(copy_).empty());
}

TEST_F(Copy, TellsWhichOfItsFilesWereAlteredLeavesThemAndCopiesTheRest) {
    Fill(3);
    Fill(2);
    CopyWell();
    const Files good = FilesBelow(copy_);
    Fill(1);
    const std::map<std::string, std::function<std::string(std::string)>> alterations{
        {"a flipped bit", [](std::string bytes) { bytes[30] ^= 1; return bytes; }},
        {"a file cut short", [](const std::string& bytes) { return bytes.substr(0, bytes.size() - 1); }},
        {"a longer file", [](const std::string& bytes) { return bytes + '\0'; }},
        {"an empty file", [](const std::string&) { return std::string(); }},
    };
    for (const std::string& name : {std::string(kFirstSegment), std::string(kSecondSegment)}) {
        for (const auto& [what, alter] : alterations) {
            PutCopy(good);
            const std::string altered = alter(good.at(name));
            ScratchFolder::Write(copy_ / name, altered);
            const auto copied = CopyAll();
            ASSERT_FALSE(copied.ok()) << what;
            EXPECT_EQ(copied.error().code, ErrorCode::kCorrupt);
            EXPECT_THAT(copied.error().caller_text.en, HasSubstr(name)) << what;
            Files wanted = Wanted({5, 6});
            wanted[name] = altered;
            EXPECT_EQ(FilesBelow(copy_), wanted) << what;
        }
    }
}

TEST_F(Copy, ComparedBySizesAloneNoticesNoFlippedBitButACutFile) {
    Fill(3);
    CopyWell();
    Flip(kFirstSegment, 40);
    EXPECT_TRUE(CopyAll(false).ok());
    EXPECT_FALSE(CopyAll().ok());
    std::filesystem::resize_file(copy_ / kFirstSegment, 100);
    EXPECT_EQ(CopyAll(false).error().code, ErrorCode::kCorrupt);
}

TEST_F(Copy, TakesMergedSegmentsInThePlaceOfThoseTheyWereMergedFrom) {
    for (int i = 0; i < 4; ++i) Fill(3);
    CopyWell();
    Merge();
    ASSERT_EQ(Reader().segment_count(), 1U);
    const CopySummary copied = CopyWell();
    EXPECT_EQ(copied.removed, 3U);
    EXPECT_EQ(FilesBelow(copy_), Wanted({12}));
    EXPECT_TRUE(FilesBelow(scratch_).empty());
}

TEST_F(Copy, TakesAMergedSegmentAlsoWhenOnlyTheFirstOfItsPartsWasCopied) {
    Fill(3);
    CopyWell();
    Fill(3);
    Merge();
    CopyWell();
    EXPECT_EQ(FilesBelow(copy_), Wanted({3, 6}));
}

TEST_F(Copy, RemovesNoMergedSegmentThatWasAltered) {
    Fill(3);
    Fill(2);
    CopyWell();
    Merge();
    for (const std::string_view name : {kFirstSegment, kSecondSegment}) {
        Flip(name, 40);
        const std::string altered = ReadFile(copy_ / name).value();
        const auto copied = CopyAll();
        EXPECT_EQ(copied.error().code, ErrorCode::kCorrupt);
        EXPECT_THAT(copied.error().caller_text.en, HasSubstr(std::string(name)));
        EXPECT_EQ(ReadFile(copy_ / name).value(), altered);
        Flip(name, 40);
    }
    CopyWell();
    EXPECT_EQ(FilesBelow(copy_), Wanted({5}));
}

TEST_F(Copy, NamesSegmentsThatTheVaultDoesNotHave) {
    Fill(3);
    CopyWell();
    std::filesystem::copy_file(copy_ / kFirstSegment, copy_ / "segments/00000000000000000077.seg");
    EXPECT_THAT(CopyAll().error().caller_text.en, HasSubstr("00000000000000000077.seg"));
}

TEST_F(Copy, RefusesAVaultThatIsShorterThanTheCopyAndNamesBoth) {
    Fill(3);
    std::filesystem::copy(vault_, folder_.path() / "older", std::filesystem::copy_options::recursive);
    Fill(2);
    CopyWell();
    const Files before = FilesBelow(copy_);
    vault_ = folder_.path() / "older";
    const auto copied = CopyAll();
    EXPECT_EQ(copied.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(copied.error().caller_text.en, HasSubstr("checkpoints/00000000000000000005"));
    EXPECT_THAT(copied.error().caller_text.en, HasSubstr("only 3"));
    EXPECT_EQ(FilesBelow(copy_), before);
}

TEST_F(Copy, RefusesAVaultThatWasAlteredAndSignedAnewWithTheSameKey) {
    Fill(3);
    CopyWell();
    const Files before = FilesBelow(copy_);
    const std::filesystem::path forged = folder_.path() / "forged";
    std::filesystem::create_directory(forged);
    Fill(forged, 4, "forged");
    vault_ = forged;
    const auto copied = CopyAll();
    EXPECT_EQ(copied.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(copied.error().caller_text.en, HasSubstr("no continuation"));
    EXPECT_THAT(copied.error().caller_text.en, HasSubstr("checkpoints/00000000000000000003"));
    EXPECT_EQ(FilesBelow(copy_), before);
}

TEST_F(Copy, RefusesToGoOnAfterACheckpointOfItsOwnThatCantBeTrusted) {
    Fill(3);
    CopyWell();
    const Files good = FilesBelow(copy_);
    for (const std::string& name : {std::string("checkpoint"), NameOfCheckpoint(3)}) {
        Flip(name, -10);
        const auto copied = CopyAll();
        EXPECT_EQ(copied.error().code, ErrorCode::kCorrupt);
        EXPECT_THAT(copied.error().caller_text.en, HasSubstr(name));
        ScratchFolder::Write(copy_ / name, good.at(name));
    }
    ScratchFolder::Write(copy_ / NameOfCheckpoint(77), good.at("checkpoint"));
    EXPECT_THAT(CopyAll().error().caller_text.en, HasSubstr("not of as many records"));
}

TEST_F(Copy, OfADamagedVaultIsRefusedAndTheDamageIsNotSent) {
    Fill(3);
    Fill(2);
    const Files good = FilesBelow(vault_);
    const std::string segment = good.at(std::string(kSecondSegment));
    const VaultReader reader = Reader();
    for (std::string damaged : {segment.substr(0, segment.size() / 2), [&] { std::string bytes = segment; bytes[50] ^= 1; return bytes; }()}) {
        ScratchFolder::Write(vault_ / kSecondSegment, damaged);
        FolderTarget target(copy_);
        const auto copied = CopyVault(reader, Key(), target, {.scratch = scratch_});
        EXPECT_FALSE(copied.ok());
        EXPECT_FALSE(FilesBelow(copy_).contains(std::string(kSecondSegment)));
        EXPECT_FALSE(FilesBelow(copy_).contains("checkpoint"));
    }
    ScratchFolder::Write(vault_ / kSecondSegment, segment);
    CopyWell();
    std::string bytes = segment;
    bytes[50] ^= 1;
    ScratchFolder::Write(vault_ / kSecondSegment, bytes);
    FolderTarget target(copy_);
    const auto copied = CopyVault(reader, Key(), target, {.scratch = scratch_});
    EXPECT_THAT(copied.error().caller_text.en, HasSubstr("restore that file from the off-site copy")) << "the vault's file is blamed, not the copy's";
    EXPECT_EQ(ReadFile(copy_ / kSecondSegment).value(), segment);
}

TEST_F(Copy, IsRefusedWhileSealedRecordsAreInNoSegment) {
    Fill(3);
    const auto writer = Writer(vault_);
    const RecordView record{now_, Transport::kImport, "test", "os", "", "in the log alone"};
    ASSERT_TRUE(writer->Append(std::span(&record, 1)).ok());
    ASSERT_TRUE(CopyAll().ok()) << "what is not sealed is not copied";
    ASSERT_TRUE(writer->Seal().ok());
    EXPECT_EQ(CopyAll().error().code, ErrorCode::kConflict);
}

TEST_F(Copy, IsNotPutIntoAFolderThatHoldsSomethingElse) {
    Fill(3);
    std::filesystem::create_directory(copy_);
    for (const std::string_view name : {"letter.txt", "vault.key", "log"}) {
        ScratchFolder::Write(copy_ / name, "");
        const auto copied = CopyAll();
        EXPECT_EQ(copied.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(copied.error().caller_text.en, HasSubstr(std::string(name)));
        std::filesystem::remove(copy_ / name);
    }
    ScratchFolder::Write(copy_ / ".nfs0001", "");
    std::filesystem::create_directory(copy_ / "lost+found");
    CopyWell();
    ScratchFolder::Write(copy_ / "vault.key", "");
    EXPECT_EQ(CopyAll().error().code, ErrorCode::kInvalidInput) << "a data folder has the public key too";
    copy_ = vault_;
    EXPECT_EQ(CopyAll().error().code, ErrorCode::kInvalidInput);
    copy_ = folder_.path() / "not mounted" / "copy";
    EXPECT_EQ(CopyAll().error().code, ErrorCode::kNotFound);
}

TEST_F(Copy, IsNotPutIntoTheCopyOfAnotherVault) {
    Fill(3);
    CopyWell();
    ScratchFolder::Write(copy_ / "vault.pub", Identity(7).public_key().ToText() + "\n");
    EXPECT_EQ(CopyAll().error().code, ErrorCode::kInvalidInput);
    ScratchFolder::Write(copy_ / "vault.pub", "no key");
    EXPECT_EQ(CopyAll().error().code, ErrorCode::kCorrupt);
}

TEST_F(Copy, EndsBetweenTwoPiecesWhenAskedTo) {
    Fill(3);
    FolderTarget target(copy_);
    const auto copied = CopyVault(Reader(), Key(), target, {.scratch = scratch_, .on_progress = [](const CopyProgress& progress) { return progress.moved < 200; }});
    EXPECT_EQ(copied.error().code, ErrorCode::kCancelled);
    CopyWell();
    EXPECT_EQ(FilesBelow(copy_), Wanted({3}));
}

TEST_F(Copy, IsRestoredToAVaultThatGoesOn) {
    Fill(300);
    now_ += std::chrono::days(1);
    Fill(500);
    CopyWell();
    const auto restored = Restore();
    ASSERT_TRUE(restored.ok()) << restored.error().operator_text;
    EXPECT_EQ(restored->files, 2U);
    EXPECT_EQ(restored->checkpoint.size, 800U);
    EXPECT_EQ(restored->unsealed, 0U);
    EXPECT_FALSE(std::filesystem::exists(restored_.string() + ".new"));
    const Files all = FilesBelow(vault_);
    for (const auto& [name, bytes] : FilesBelow(restored_)) {
        if (name == "lock") continue;
        EXPECT_EQ(bytes, all.at(name)) << name;
    }
    EXPECT_TRUE(std::filesystem::exists(restored_ / "tree/08")) << "the upper hashes are there again";
    Fill(restored_, 1);
    Fill(vault_, 1);
    EXPECT_EQ(VaultReader::Open(restored_)->Root().value(), Reader().Root().value());
}

TEST_F(Copy, IsRestoredByTheNextRunWhereverTheLineWasCut) {
    Fill(3);
    Fill(2);
    CopyWell();
    bool is_done = false;
    for (std::size_t calls = 0; !is_done; ++calls) {
        std::filesystem::remove_all(restored_);
        FailingTarget copy(copy_);
        copy.calls_left = calls;
        is_done = Restore(copy).ok();
        if (is_done) break;
        EXPECT_FALSE(std::filesystem::exists(restored_));
        ASSERT_TRUE(Restore().ok());
        EXPECT_EQ(VaultReader::Open(restored_)->Root().value(), Reader().Root().value());
    }
}

TEST_F(Copy, IsRestoredAfterItWasMergedBetweenTwoRuns) {
    Fill(3);
    Fill(2);
    CopyWell();
    const std::filesystem::path fetched = restored_.string() + ".new";
    for (std::size_t calls = 0; !std::filesystem::exists(fetched / kFirstSegment); ++calls) {
        FailingTarget cut(copy_);
        cut.calls_left = calls;
        ASSERT_FALSE(Restore(cut).ok());
    }
    Merge();
    CopyWell();
    ASSERT_TRUE(Restore().ok());
    EXPECT_EQ(VaultReader::Open(restored_)->segment_count(), 1U);
    EXPECT_EQ(VaultReader::Open(restored_)->Root().value(), Reader().Root().value());
}

TEST_F(Copy, ThatWasCutWhileMergedSegmentsCameIsRestoredWithoutTheirParts) {
    Fill(3);
    Fill(2);
    CopyWell();
    Merge();
    std::filesystem::copy_file(vault_ / kFirstSegment, copy_ / kFirstSegment, std::filesystem::copy_options::overwrite_existing);
    ASSERT_TRUE(Restore().ok());
    EXPECT_FALSE(std::filesystem::exists(restored_ / kSecondSegment));
    EXPECT_EQ(VaultReader::Open(restored_)->Root().value(), Reader().Root().value());
}

TEST_F(Copy, ThatWasCutBeforeItsCheckpointCameIsRestoredWithTheRecordsAfterIt) {
    Fill(3);
    CopyWell();
    Fill(2);
    std::filesystem::copy_file(vault_ / kSecondSegment, copy_ / kSecondSegment);
    const auto restored = Restore();
    ASSERT_TRUE(restored.ok());
    EXPECT_EQ(restored->checkpoint.size, 3U);
    EXPECT_EQ(restored->unsealed, 2U);
}

TEST_F(Copy, FollowsWhatRetentionDeletedAndIsRestoredWithoutIt) {
    Fill(300);
    Fill(300);
    CopyWell();
    DeleteFirstSegment();
    const CopySummary copied = CopyWell();
    EXPECT_EQ(copied.removed, 1U);
    EXPECT_EQ(CopyWell().files, 0U);
    EXPECT_EQ(ReadFile(copy_ / NameOfGone(0)).value(), ReadFile(vault_ / NameOfGone(0)).value());
    EXPECT_FALSE(std::filesystem::exists(copy_ / kFirstSegment));
    const auto restored = Restore();
    ASSERT_TRUE(restored.ok()) << restored.error().operator_text;
    EXPECT_EQ(VaultReader::Open(restored_)->Root().value(), Reader().Root().value());
    EXPECT_EQ(VaultReader::Open(restored_)->segments().gone().records(), 300U);

    std::filesystem::remove_all(copy_);
    CopyWell();
    std::filesystem::remove_all(restored_);
    EXPECT_TRUE(Restore().ok()) << "a first copy after a deletion is whole too";
}

TEST_F(Copy, DeletesNothingOnTheWordOfAMarkWithoutItsEvent) {
    Fill(3);
    Fill(2);
    CopyWell();
    const Files good = FilesBelow(copy_);
    MarkFirstSegmentAsDeleted(vault_);
    ASSERT_EQ(Reader().Root().value(), OpenCheckpoint(Note::Parse(good.at("checkpoint")).value(), Key())->root) << "the root alone does not tell";
    EXPECT_EQ(CopyAll().error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(FilesBelow(copy_), good);
    MarkFirstSegmentAsDeleted(copy_);
    EXPECT_EQ(Restore().error().code, ErrorCode::kCorrupt);
    EXPECT_FALSE(std::filesystem::exists(restored_));
}

TEST_F(Copy, ThatWasAlteredIsNotRestored) {
    Fill(3);
    Fill(2);
    CopyWell();
    const Files good = FilesBelow(copy_);
    const std::filesystem::path forged = folder_.path() / "forged";
    std::filesystem::create_directory(forged);
    Fill(forged, 3, "forged");
    const std::map<std::string, std::function<void()>> alterations{
        {"a flipped bit", [&] { Flip(kFirstSegment, 40); }},
        {"a segment with valid checksums and other records",
         [&] { std::filesystem::copy_file(forged / kFirstSegment, copy_ / kFirstSegment, std::filesystem::copy_options::overwrite_existing); }},
        {"no first segment", [&] { std::filesystem::remove(copy_ / kFirstSegment); }},
        {"no last segment", [&] { std::filesystem::remove(copy_ / kSecondSegment); }},
        {"an altered checkpoint", [&] { Flip("checkpoint", -10); }},
        {"an altered kept checkpoint", [&] { Flip(NameOfCheckpoint(5), -10); }},
        {"an older checkpoint kept beside a newer one", [&] {
             std::filesystem::remove(copy_ / kSecondSegment);
             const Checkpoint older{Key().name, 3, Reader().Root(3).value()};
             ScratchFolder::Write(copy_ / "checkpoint", SignCheckpoint(older, Identity().key).ToText());
         }},
        {"no checkpoint", [&] {
             std::filesystem::remove(copy_ / "checkpoint");
             std::filesystem::remove(copy_ / NameOfCheckpoint(5));
         }},
    };
    for (const auto& [what, alter] : alterations) {
        PutCopy(good);
        alter();
        const auto restored = Restore();
        ASSERT_FALSE(restored.ok()) << what;
        EXPECT_EQ(restored.error().code, ErrorCode::kCorrupt) << what << ": " << restored.error().operator_text;
        EXPECT_FALSE(std::filesystem::exists(restored_)) << what;
    }
    PutCopy(good);
    EXPECT_TRUE(Restore().ok()) << "nothing is left of what failed";
}

TEST_F(Copy, IsNotRestoredOverAVaultNorUnderAnotherKeyNorFromNothing) {
    Fill(3);
    FolderTarget copy(copy_);
    EXPECT_EQ(Restore().error().code, ErrorCode::kInvalidInput);
    CopyWell();
    EXPECT_EQ(Restore(copy, Identity(7).public_key()).error().code, ErrorCode::kInvalidInput);
    ASSERT_TRUE(Restore(copy, std::nullopt).ok());
    const Files before = FilesBelow(restored_);
    EXPECT_EQ(Restore().error().code, ErrorCode::kConflict);
    EXPECT_EQ(FilesBelow(restored_), before);
}

}  // namespace
}  // namespace opsteward::vault
