// Every single bit of every file of a small vault, and every place to cut one: nothing goes unnoticed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "verifier/footer.hpp"
#include "verifier/testing/test_vault.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::IsEmpty;
using testing::Failures;
using testing::TestVault;

/// Three segments, a group in the write-ahead log that a segment holds too, one that none does, and stored hashes.
class SmallVault : public ::testing::Test {
  protected:
    SmallVault() {
        for (const std::uint64_t count : {260U, 3U}) {
            vault_.Append(count);
            vault_.WriteSegments();
        }
        vault_.Append(2);
        vault_.WriteSegmentsAndCrash();
        vault_.Append(2);
        vault_.Append(1);
        kept_.push_back({"kept", vault_.Seal()});
        vault_.Stop();
        // It holds nothing, and each of the many checks would read its millions of zeros.
        std::filesystem::remove(vault_.Part("reserve"));
        for (const std::string_view part : {"segments", "log", "tree"}) {
            for (const std::string& name : vault_.Names(part)) names_.push_back(name);
        }
        names_.emplace_back("checkpoint");
        names_.emplace_back("../vault.pub");
    }

    /// Where the index lies in a segment.
    std::pair<std::size_t, std::size_t> IndexOf(const std::string& name) const {
        if (!name.starts_with("segments/")) return {0, 0};
        const GramIndexPlace index = ReadFooter(File(vault_.Part(name)), std::stoull(name.substr(name.find('/') + 1))).index;
        return {index.offset, index.offset + index.bytes()};
    }
    /// With OPSTEWARD_EVERY_BIT set every bit is tried, in some minutes; else one in five, and of the inside of an index, which is nearly all zeros under
    /// one checksum, one in 129: over neighbouring bytes each place in a byte has its turn.
    static bool IsLeftOut(std::size_t bit, std::size_t index, std::size_t index_end) {
        static const bool tries_all = std::getenv("OPSTEWARD_EVERY_BIT") != nullptr;
        const std::size_t byte = bit / 8;
        const bool is_inside = byte >= index + 16 && byte + 8 < index_end;
        return !tries_all && bit % (is_inside ? 129 : 5) != 0;
    }
    bool IsNoticed() const { return !CheckVault({vault_.folder(), key_, {}, 1, {}}).is_intact(); }

    TestVault vault_;
    const PublicKey key_ = vault_.key();
    std::vector<KeptCheckpoint> kept_;
    std::vector<std::string> names_;
};

TEST_F(SmallVault, IsIntactAndHasEveryKindOfFile) {
    EXPECT_THAT(Failures(vault_.Check(kept_)), IsEmpty());
    EXPECT_EQ(vault_.Segments().size(), 3U);
    EXPECT_EQ(vault_.Names("log").size(), 3U);
    EXPECT_EQ(vault_.Names("tree").size(), 1U);
}

TEST_F(SmallVault, NoFlippedBitGoesUnnoticed) {
    for (const std::string& name : names_) {
        const std::size_t bits = vault_.Read(name).size() * 8;
        const auto [index, index_end] = IndexOf(name);
        for (std::size_t bit = 0; bit < bits; ++bit) {
            if (IsLeftOut(bit, index, index_end)) continue;
            vault_.Flip(name, bit / 8, bit % 8);
            EXPECT_TRUE(IsNoticed()) << name << " byte " << bit / 8 << " bit " << bit % 8;
            vault_.Flip(name, bit / 8, bit % 8);
        }
    }
    EXPECT_FALSE(IsNoticed());
}

TEST_F(SmallVault, NoCutGoesUnnoticedExceptOfHashesThatCanBeMadeAgain) {
    for (const std::string& name : names_) {
        if (name.starts_with("tree/")) continue;
        const std::string whole = vault_.Read(name);
        const auto [index, index_end] = IndexOf(name);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            if (length > index && length < index_end && length % 256 != 0) continue;
            vault_.Write(name, whole.substr(0, length));
            // The end of the key's line says nothing.
            EXPECT_EQ(IsNoticed(), name != "../vault.pub" || length + 1 < whole.size()) << name << " cut at " << length;
        }
        vault_.Write(name, whole);
    }
}

TEST_F(SmallVault, NoAddedByteGoesUnnoticed) {
    for (const std::string& name : names_) {
        const std::string whole = vault_.Read(name);
        for (const char byte : {'\0', '\n', 'x', '\xFF'}) {
            vault_.Write(name, whole + byte);
            const VaultReport report = CheckVault({vault_.folder(), key_, {}, 1, {}});
            // To a reader it is a group of which one byte was written; it is named, and the next start cuts it off.
            const bool is_torn_group = report.is_intact() && !report.notes.empty() && report.notes.front().code == "torn-group";
            EXPECT_TRUE(!report.is_intact() || (name.starts_with("log/") && is_torn_group)) << name;
        }
        vault_.Write(name, whole);
    }
}

}  // namespace
}  // namespace opsteward::verifier
