#include "db/data_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "db/testing/test_databases.hpp"

namespace opsteward::db {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

/// A process that takes the lock, says so, and then holds it until it is killed.
pid_t StartHolder(const std::filesystem::path& folder) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = DataFolderLock::Acquire(folder);
        const char taken = lock.ok() ? 'y' : 'n';
        if (::write(ends[1], &taken, 1) == 1) {
            while (true) ::pause();
        }
        ::_exit(1);
    }
    ::close(ends[1]);
    char taken = 'n';
    EXPECT_EQ(::read(ends[0], &taken, 1), 1);
    EXPECT_EQ(taken, 'y');
    ::close(ends[0]);
    return child;
}

TEST(DataFolderLock, IsRefusedToASecondProcessNamingTheFirst) {
    const TemporaryFolder folder;
    const pid_t holder = StartHolder(folder.path());
    const auto refused = DataFolderLock::Acquire(folder.path());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr("process " + std::to_string(holder)));
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr(folder.path().string()));

    ASSERT_EQ(::kill(holder, SIGKILL), 0);
    ASSERT_EQ(::waitpid(holder, nullptr, 0), holder);
    const auto taken = DataFolderLock::Acquire(folder.path());
    EXPECT_TRUE(taken.ok()) << "the lock of a killed process is nobody's: " << taken.error().operator_text;
}

TEST(DataFolderLock, IsRefusedToTheSameProcessAndFreeAfterwards) {
    const TemporaryFolder folder;
    {
        const auto first = DataFolderLock::Acquire(folder.path());
        ASSERT_TRUE(first.ok());
        const auto second = DataFolderLock::Acquire(folder.path());
        ASSERT_FALSE(second.ok());
        EXPECT_THAT(second.error().caller_text.en, HasSubstr(std::to_string(::getpid())));
    }
    EXPECT_TRUE(DataFolderLock::Acquire(folder.path()).ok());
}

TEST(DataFolderLock, OverwritesTheNumberOfAProcessThatIsGone) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "lock") << "99999999999999\n";
    const auto lock = DataFolderLock::Acquire(folder.path());
    ASSERT_TRUE(lock.ok());
    std::string written;
    std::getline(std::ifstream(folder.path() / "lock"), written);
    EXPECT_EQ(written, std::to_string(::getpid()));
}

TEST(DataFolderLock, DoesNotFollowALinkOutOfTheFolder) {
    const TemporaryFolder folder;
    const TemporaryFolder elsewhere;
    std::ofstream(elsewhere.path() / "precious") << "precious";
    std::filesystem::create_symlink(elsewhere.path() / "precious", folder.path() / "lock");
    EXPECT_FALSE(DataFolderLock::Acquire(folder.path()).ok());
    EXPECT_EQ(std::filesystem::file_size(elsewhere.path() / "precious"), 8U);
}

TEST(DataFolder, IsMadeForItsOwnerAloneWithTheFoldersAbove) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "srv" / "opsteward";
    ASSERT_TRUE(PrepareDataFolder(path).ok());
    struct stat facts{};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0700U);
    EXPECT_TRUE(PrepareDataFolder(path).ok()) << "a second time as well";
}

TEST(DataFolder, IsNoFile) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "file") << "x";
    const auto refused = PrepareDataFolder(folder.path() / "file");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
    EXPECT_FALSE(PrepareDataFolder(folder.path() / "file" / "below").ok());
}

TEST(DataFolder, ThatCannotBeWrittenIsRefusedSayingSo) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    const TemporaryFolder folder;
    ASSERT_EQ(::chmod(folder.path().c_str(), 0500), 0);
    for (const auto& path : {folder.path(), folder.path() / "below"}) {
        const auto refused = PrepareDataFolder(path);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
        EXPECT_THAT(refused.error().caller_text.en, HasSubstr(path.string()));
    }
}

}  // namespace
}  // namespace opsteward::db
