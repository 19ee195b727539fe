// Hits are what the query, the time, the source and the kind let through, in order of arrival.
#include "features/logs/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::logs {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LogSearch : public ::testing::Test {
  protected:
    LogSearch() {
        auto writer = vault::VaultWriter::Open(folder_.path(), {"test/vault", crypto::Ed25519SigningKey::FromSeed({1})}).value();
        Append(*writer, "fw-01", "fortigate", R"(date=2026-11-24 srcip=10.1.2.3 dstip=203.0.113.9 action="deny" sentbyte=1200)");
        Append(*writer, "fw-01", "fortigate", R"(date=2026-11-24 srcip=10.9.9.9 dstip=203.0.113.9 action="accept" sentbyte=90)");
        EXPECT_TRUE(writer->WriteSegments().ok());
        now_ += std::chrono::hours(1);
        Append(*writer, "web-01", "sshd", "Nov 24 21:00:00 web-01 sshd[7]: Failed password for root from 10.1.2.3 port 4242 ssh2");
        Append(*writer, "web-02", "os", "connection refused");
    }

    void Append(vault::VaultWriter& writer, std::string_view source, std::string_view kind, std::string_view message) {
        const vault::RecordView record{now_, vault::Transport::kImport, source, kind, "", message};
        EXPECT_TRUE(writer.Append(std::span(&record, 1)).ok());
    }
    std::vector<std::uint64_t> Hits(std::string_view query, SearchRequest request = {}) {
        request.query = vault::query::ParseQuery(query).value();
        std::vector<std::uint64_t> hits;
        const auto vault = vault::VaultReader::Open(folder_.path()).value();
        EXPECT_TRUE(Search(vault, request, [&](std::uint64_t sequence, const vault::RecordView&) {
                        hits.push_back(sequence);
                        return true;
                    }).ok());
        EXPECT_EQ(Count(vault, request).value(), hits.size());
        return hits;
    }

    vault::ScratchFolder folder_;
    const Instant start_ = ParseRfc3339("2026-11-24T12:00:00Z").value();
    Instant now_ = start_;
};

TEST_F(LogSearch, FindsWordsPhrasesAndFieldsInSegmentsAndInTheLog) {
    EXPECT_THAT(Hits(""), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(Hits("10.1.2.3"), ElementsAre(0, 2));
    EXPECT_THAT(Hits("\"connection refused\""), ElementsAre(3));
    EXPECT_THAT(Hits("src_ip:10.0.0.0/8"), ElementsAre(0, 1, 2));
    EXPECT_THAT(Hits("action:deny"), ElementsAre(0));
    EXPECT_THAT(Hits("NOT action:deny source:fw-01"), ElementsAre(1));
    EXPECT_THAT(Hits("bytes_out:>1000"), ElementsAre(0));
    EXPECT_THAT(Hits("/fail(ed|ure)/i OR refused"), ElementsAre(2, 3));
    EXPECT_THAT(Hits("10.1.2.3 srcip OR refused"), ElementsAre(0, 3));
    EXPECT_THAT(Hits("nowhere"), IsEmpty());
}

TEST_F(LogSearch, KeepsToTimeSourceAndKind) {
    EXPECT_THAT(Hits("", {.from = start_ + std::chrono::minutes(1)}), ElementsAre(2, 3));
    EXPECT_THAT(Hits("", {.to = start_ + std::chrono::minutes(1)}), ElementsAre(0, 1));
    EXPECT_THAT(Hits("", {.from = start_, .to = start_}), IsEmpty());
    EXPECT_THAT(Hits("", {.source = "web-02"}), ElementsAre(3));
    EXPECT_THAT(Hits("", {.kind = "sshd"}), ElementsAre(2));
    EXPECT_THAT(Hits("", {.source = "web"}), IsEmpty()) << "a source is named in full";
}

}  // namespace
}  // namespace opsteward::logs
