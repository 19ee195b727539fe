#include "cli/backup.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "cli/files.hpp"
#include "cli/records.hpp"
#include "db/testing/test_databases.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::cli {
namespace {

namespace fs = std::filesystem;

const ManualClock kClock(ParseRfc3339("2026-11-24T02:15:00Z").value());

class Backup : public testing::Test {
  protected:
    void SetUp() override {
        Configuration configuration;
        configuration.data = data_;
        fs::create_directories(data_ / "procedure" / "checks");
        Write(data_ / "procedure" / "checks" / "a.toml", "# a check");
        Write(data_ / "server.key", "a key");
        Write(data_ / "lock", "1234");
        auto records = OpenRecords(configuration, kClock);
        ASSERT_TRUE(records.ok()) << records.error().operator_text;
        records_ = std::move(records).value();
        const auto written = records_->WriteWith([](db::Transaction& transaction) {
            return audit::Append(transaction, {}, {"thing.make", "thing", "1", "物", {}, nullptr, "made"}, kClock.Now());
        });
        ASSERT_TRUE(written.ok());
    }

    static void Write(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

    const db::testing::TemporaryFolder folder_;
    const fs::path data_ = folder_.path() / "data";
    const fs::path copy_ = folder_.path() / "copy";
    const fs::path restored_ = folder_.path() / "restored";
    std::unique_ptr<db::Database> records_;
};

TEST_F(Backup, HoldsRecordsPackAndKeyAndNothingOfTheRunningProcess) {
    const auto made = WriteBackup(*records_, data_, copy_, kClock);
    ASSERT_TRUE(made.ok()) << made.error().operator_text;
    EXPECT_EQ(made->files, 3U);
    EXPECT_TRUE(fs::exists(copy_ / "records.db"));
    EXPECT_TRUE(fs::exists(copy_ / "procedure" / "checks" / "a.toml"));
    EXPECT_TRUE(fs::exists(copy_ / "server.key"));
    EXPECT_FALSE(fs::exists(copy_ / "lock"));
    EXPECT_FALSE(fs::exists(copy_.string() + ".new"));
    const auto manifest = ReadWholeFile(copy_ / "manifest.json", 100'000);
    ASSERT_TRUE(manifest.ok());
    EXPECT_THAT(*manifest, testing::HasSubstr("\"made_at\":\"2026-11-24T02:15:00.000Z\""));
    EXPECT_EQ(fs::status(copy_ / "records.db").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Backup, ComesBackWholeIntoAFolderWithoutRecords) {
    ASSERT_TRUE(WriteBackup(*records_, data_, copy_, kClock).ok());
    fs::create_directories(restored_);
    const auto restored = RestoreBackup(copy_, restored_);
    ASSERT_TRUE(restored.ok()) << restored.error().operator_text;
    Configuration configuration;
    configuration.data = restored_;
    const auto records = OpenExistingRecords(configuration, kClock);
    ASSERT_TRUE(records.ok());
    const auto verdict = audit::Verify(**records);
    ASSERT_TRUE(verdict.ok());
    EXPECT_TRUE(verdict->is_intact);
    EXPECT_EQ(verdict->rows, 1);
    EXPECT_EQ(ReadWholeFile(restored_ / "server.key", 100).value(), "a key");
}

TEST_F(Backup, AnInterruptedRestoreCanBeRunAgain) {
    ASSERT_TRUE(WriteBackup(*records_, data_, copy_, kClock).ok());
    fs::create_directories(restored_ / "procedure");
    Write(restored_ / "server.key", "half of a k");
    Write(restored_ / "records.db.new", "half of the records");
    ASSERT_TRUE(RestoreBackup(copy_, restored_).ok());
    EXPECT_EQ(ReadWholeFile(restored_ / "server.key", 100).value(), "a key");
    EXPECT_FALSE(fs::exists(restored_ / "records.db.new"));
}

TEST_F(Backup, IsNotPutOverRecords) {
    ASSERT_TRUE(WriteBackup(*records_, data_, copy_, kClock).ok());
    const auto refused = RestoreBackup(copy_, data_);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
    const auto again = WriteBackup(*records_, data_, copy_, kClock);
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::kConflict);
}

TEST_F(Backup, EveryFlippedByteOfTheManifestAndSomeOfEveryFileAreFound) {
    ASSERT_TRUE(WriteBackup(*records_, data_, copy_, kClock).ok());
    ASSERT_TRUE(CheckBackup(copy_).ok());
    for (const std::string_view name : {"procedure/checks/a.toml", "server.key", "records.db", "manifest.json"}) {
        const std::string whole = ReadWholeFile(copy_ / name, 100'000'000).value();
        const std::size_t step = std::max<std::size_t>(1, whole.size() / 40);
        for (std::size_t at = 0; at < whole.size(); at += step) {
            // The time of the backup is told, not proved.
            const auto time = whole.find("\"made_at\"");
            if (name == "manifest.json" && at >= time && at < time + 40) continue;
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ 1);
            Write(copy_ / name, changed);
            EXPECT_FALSE(CheckBackup(copy_).ok()) << name << " byte " << at;
        }
        Write(copy_ / name, whole);
    }
    EXPECT_TRUE(CheckBackup(copy_).ok());
}

TEST_F(Backup, LeavesOutLinksSoThatNothingOutsideIsCopied) {
    Write(folder_.path() / "outside", "not ours");
    fs::create_symlink(folder_.path() / "outside", data_ / "procedure" / "checks" / "link.toml");
    ASSERT_TRUE(WriteBackup(*records_, data_, copy_, kClock).ok());
    EXPECT_FALSE(fs::exists(fs::symlink_status(copy_ / "procedure" / "checks" / "link.toml")));
}

}  // namespace
}  // namespace opsteward::cli
