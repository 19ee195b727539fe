// The trail in the vault: every row once and in order, whatever is cut off, and whoever rewrites the rows afterwards is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "platform/audit/seal_proof.hpp"
#include "platform/audit/sealed_check.hpp"
#include "platform/audit/sealer.hpp"
#include "platform/audit/testing/audit_database.hpp"
#include "platform/audit/testing/vault_place.hpp"
#include "vault/scan.hpp"

namespace opsteward::audit {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const Instant kNow = Instant(std::chrono::seconds(1'754'373'787));

class SealTest : public testing::AuditDatabaseTest {
  protected:
    void AddRows(int count, std::string_view value = "new") {
        const auto done = database().WriteWith([&](db::Transaction& transaction) -> Result<void> {
            for (int i = 0; i < count; ++i) {
                OPS_CHECK(Append(transaction, {3, "wang", "192.0.2.7"}, {"device.rename", "device", "d-17", "交換器", 7, {{"name", "舊"}}, {{"name", value}}}, kNow));
            }
            return Ok();
        });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
    }
    /// Past the program, as somebody would who has the database in their hands.
    void Tamper(std::string_view sql) {
        const auto done = database().Write<std::int64_t>([&](db::Transaction& transaction) { return transaction.Execute(sql); });
        ASSERT_TRUE(done.ok() && *done > 0) << sql;
    }
    /// As somebody would who knows how the chain is made: every hash anew, from the first row to the head.
    void ComputeChainAnew() {
        const auto done = database().WriteWith([&](db::Transaction& transaction) -> Result<void> {
            OPS_TRY(const db::ResultSet rows,
                    transaction.Query("SELECT sequence, at, user_id, user_name, address, action, subject_kind, subject_id, subject_name, unit_id, before_json, "
                                      "after_json FROM audit_trail ORDER BY sequence"));
            std::string hash;
            std::int64_t last = 0;
            for (const db::Row& row : rows.rows) {
                last = row[0].AsInt();
                const Entry entry{last,
                                  row[1].AsInstant(),
                                  {row[2].AsInt(), row[3].AsText(), row[4].AsText()},
                                  {row[5].AsText(), row[6].AsText(), row[7].AsText(), row[8].AsText(), row[9].AsOptionalInt(), nullptr, nullptr},
                                  ""};
                hash = HashOf(entry, {row[10].AsText(), row[11].AsText()}, hash);
                OPS_CHECK(transaction.Execute("UPDATE audit_trail SET hash = $1 WHERE sequence = $2", {hash, last}));
            }
            OPS_CHECK(transaction.Execute("UPDATE audit_head SET sequence = $1, hash = $2 WHERE id = 1", {last, hash}));
            return Ok();
        });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
    }

    Result<Sealed> TrySeal() { return Sealer(database(), clock_, place_).SealNew(); }
    void Keep(const Sealed& sealed) {
        if (!sealed.seal) return;
        ASSERT_TRUE(database().WriteWith([&](db::Transaction& transaction) { return RecordSeal(transaction, sealed.log, *sealed.seal); }).ok());
    }
    /// What the job does as a whole.
    Sealed SealAndKeep() {
        const auto sealed = TrySeal();
        EXPECT_TRUE(sealed.ok()) << sealed.error().operator_text;
        Keep(sealed.value_or({}));
        return sealed.value_or({});
    }
    void ExpectRefused(std::string_view why, std::string_view name) {
        const std::uint64_t before = Reader().size();
        const auto sealed = TrySeal();
        ASSERT_FALSE(sealed.ok()) << name;
        EXPECT_EQ(sealed.error().code, ErrorCode::kCorrupt) << name;
        EXPECT_THAT(sealed.error().caller_text.en, HasSubstr(why)) << name;
        EXPECT_FALSE(sealed.error().caller_text.zh.empty()) << name;
        EXPECT_EQ(Reader().size(), before) << name << ": nothing is written";
    }

    std::unique_ptr<vault::VaultWriter> Writer() { return place_.open().value(); }
    vault::VaultReader Reader() const { return vault::VaultReader::Open(place_.vault).value(); }
    void AppendOther(vault::VaultWriter& writer, std::string_view message = "sshd: hello") {
        const std::vector<vault::RecordView> records{{kNow, vault::Transport::kUdp, "web-01", "os", "192.0.2.1", message}};
        ASSERT_TRUE(writer.Append(records).ok());
    }
    std::vector<std::string> Lines() const {
        std::vector<std::string> lines;
        EXPECT_TRUE(vault::ForEach(Reader(), {}, [&](std::uint64_t, const vault::RecordView& record) {
                        if (SealedStream().Holds(record)) lines.emplace_back(record.message);
                        return true;
                    }).ok());
        return lines;
    }
    std::vector<std::int64_t> Sequences() const {
        std::vector<std::int64_t> sequences;
        for (const std::string& line : Lines()) sequences.push_back(SequenceOf(line).value_or(-1));
        return sequences;
    }
    static std::vector<std::int64_t> UpTo(std::int64_t last) {
        std::vector<std::int64_t> all;
        for (std::int64_t i = 1; i <= last; ++i) all.push_back(i);
        return all;
    }
    Verdict Verified() {
        const auto verdict = VerifyWithVault(database(), place_);
        EXPECT_TRUE(verdict.ok()) << verdict.error().operator_text;
        return verdict.value_or({});
    }
    template <typename T>
    T Read(const std::function<Result<T>(db::Session&)>& body) {
        const auto value = database().Read<T>(body);
        EXPECT_TRUE(value.ok()) << value.error().operator_text;
        return value.value_or(T());
    }

    db::testing::TemporaryFolder folder_;
    SealPlace place_ = testing::PlaceIn(folder_.path());
    ManualClock clock_{kNow};
};
OPS_ON_BOTH_DATABASES(SealTest);

TEST_P(SealTest, SignsWhatFoundRoomInTheVaultAndGoesOnWhenThereIsMore) {
    AddRows(3);
    SealAndKeep();
    const std::uintmax_t row_bytes = fs::file_size(place_.vault / "log" / "00000000000000000000.wal") / 3;
    AddRows(450);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit room{300 * row_bytes, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &room), 0);
    const auto sealed = TrySeal();
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(sealed.ok());
    EXPECT_EQ(sealed.error().code, ErrorCode::kFull);
    EXPECT_EQ(Sequences(), UpTo(203)) << "a page of rows is kept or left out as a whole";
    EXPECT_EQ(vault::Checkpoint::Parse(vault::Note::Parse(*Reader().sealed())->text)->size, 203U);

    EXPECT_EQ(SealAndKeep().rows, 250);
    EXPECT_EQ(Sequences(), UpTo(453));
    EXPECT_TRUE(Verified().is_intact);
}

TEST_P(SealTest, PutsEveryRowIntoTheVaultOnceAndSignsIt) {
    AddRows(3);
    Sealed sealed = SealAndKeep();
    EXPECT_EQ(sealed.rows, 3);
    ASSERT_TRUE(sealed.seal.has_value());
    EXPECT_EQ(sealed.seal->through, 3);
    EXPECT_EQ(sealed.seal->tree_size, 3);
    EXPECT_EQ(sealed.seal->at, kNow);
    EXPECT_EQ(Sequences(), UpTo(3));

    AddRows(450);
    sealed = SealAndKeep();
    EXPECT_EQ(sealed.rows, 450);
    EXPECT_EQ(Sequences(), UpTo(453));
    EXPECT_EQ(vault::Checkpoint::Parse(vault::Note::Parse(*Reader().sealed())->text)->size, 453U);
}

TEST_P(SealTest, LetsAnOutsiderComputeTheChainFromTheVaultAlone) {
    AddRows(2, "\"a\"\n/");
    SealAndKeep();
    std::string previous;
    for (const std::string& line : Lines()) {
        EXPECT_EQ(line.find('\n'), std::string::npos);
        const json::object row = ParseJson(line).value().as_object();
        const auto text = [&](std::string_view name) { return std::string(row.at(name).as_string()); };
        const Entry entry{row.at("sequence").as_int64(),
                          FromMillis(row.at("at").as_int64()),
                          {row.at("user_id").as_int64(), text("user_name"), text("address")},
                          {text("action"), text("subject_kind"), text("subject_id"), text("subject_name"), row.at("unit_id").as_int64(), nullptr, nullptr},
                          ""};
        EXPECT_EQ(text("previous_hash"), previous);
        EXPECT_EQ(text("hash"), HashOf(entry, {text("before_json"), text("after_json")}, previous));
        previous = text("hash");
    }
    EXPECT_FALSE(previous.empty());
}

TEST_P(SealTest, DoesNothingWhenThereIsNothingNew) {
    AddRows(2);
    Sealer sealer(database(), clock_, place_);
    Keep(sealer.SealNew().value());
    const std::string before = *Reader().sealed();
    const auto written = fs::last_write_time(place_.vault / "checkpoint");
    const auto sealed = sealer.SealNew();
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(sealed->rows, 0);
    EXPECT_FALSE(sealed->seal.has_value());
    EXPECT_FALSE(SealAndKeep().seal.has_value()) << "nor after a start";
    EXPECT_EQ(*Reader().sealed(), before);
    EXPECT_EQ(fs::last_write_time(place_.vault / "checkpoint"), written);
}

TEST_P(SealTest, NeitherRepeatsNorLosesARowWhenItIsCutOffBeforeTheRecordsKnow) {
    AddRows(3);
    ASSERT_TRUE(TrySeal().ok());
    AddRows(2);
    ASSERT_TRUE(TrySeal().ok());
    EXPECT_EQ(Sequences(), UpTo(5));
    const auto state = [&](db::Session& session) { return ReadSealState(session, *LogOf(place_).value()); };
    EXPECT_EQ(Read<SealState>(state).waiting, 5) << "the records have heard of nothing";
    const Sealed sealed = SealAndKeep();
    EXPECT_EQ(sealed.rows, 0);
    ASSERT_TRUE(sealed.seal.has_value());
    EXPECT_EQ(sealed.seal->through, 5);
    EXPECT_EQ(sealed.seal->tree_size, 5);
    EXPECT_EQ(Read<SealState>(state).waiting, 0);
}

TEST_P(SealTest, SignsRowsThatWereWrittenWhenItWasCutOffBeforeSigning) {
    AddRows(450);
    int calls = 0;
    const auto stopped = Sealer(database(), clock_, place_).SealNew([&](std::int64_t done, std::int64_t all) {
        EXPECT_EQ(all, 450);
        EXPECT_EQ(done, 200);
        return ++calls > 1;
    });
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(Sequences(), UpTo(200));
    EXPECT_FALSE(Reader().sealed().has_value());
    const Sealed sealed = SealAndKeep();
    EXPECT_EQ(sealed.rows, 250);
    EXPECT_EQ(sealed.seal->tree_size, 450);
    EXPECT_EQ(Sequences(), UpTo(450));
}

TEST_P(SealTest, LeavesItForLaterWhileSomebodyElseWritesToTheVault) {
    AddRows(1);
    {
        const auto writer = Writer();
        const auto sealed = TrySeal();
        ASSERT_TRUE(sealed.ok());
        EXPECT_TRUE(sealed->is_busy);
        EXPECT_FALSE(sealed->seal.has_value());
        AppendOther(*writer);
    }
    const Sealed sealed = SealAndKeep();
    EXPECT_FALSE(sealed.is_busy);
    EXPECT_EQ(sealed.seal->tree_size, 2);
    EXPECT_EQ(Sequences(), UpTo(1));
}

TEST_P(SealTest, SignsWhatOthersLeftUnsigned) {
    AddRows(1);
    Sealer sealer(database(), clock_, place_);
    Keep(sealer.SealNew().value());
    AppendOther(*Writer());
    // As if the writing had been a moment later: clocks of files are coarse.
    for (const auto& file : fs::directory_iterator(place_.vault / "log")) fs::last_write_time(file, fs::last_write_time(place_.vault / "checkpoint") + std::chrono::seconds(1));
    const auto sealed = sealer.SealNew();
    ASSERT_TRUE(sealed.ok());
    EXPECT_FALSE(sealed->seal.has_value()) << "no row is in it";
    EXPECT_TRUE(Reader().Prove(1).ok());
}

TEST_P(SealTest, RefusesWhenTheRowsAreNotThoseThatAreSealed) {
    AddRows(3);
    SealAndKeep();
    AddRows(1);
    Tamper("UPDATE audit_trail SET subject_name = 'other' WHERE sequence = 3");
    ExpectRefused("up to row 3, and in the database that row is another", "altered");
    Tamper("DELETE FROM audit_trail WHERE sequence >= 3");
    Tamper("UPDATE audit_head SET sequence = 2, hash = (SELECT hash FROM audit_trail WHERE sequence = 2) WHERE id = 1");
    ExpectRefused("up to row 3, and the database does not have it", "an older backup");
}

TEST_P(SealTest, RefusesAVaultThatWasPutBackToAnOlderState) {
    AddRows(3);
    SealAndKeep();
    const fs::path copy = folder_.path() / "copy";
    fs::copy(place_.vault, copy, fs::copy_options::recursive);
    AddRows(2);
    SealAndKeep();
    fs::remove_all(place_.vault);
    fs::rename(copy, place_.vault);
    ExpectRefused("The vault holds 3 records, and 5 were signed before (checkpoint 5)", "shorter");
    // Grown again, with other records in the place of those.
    {
        const auto writer = Writer();
        for (int i = 0; i < 3; ++i) AppendOther(*writer);
        ASSERT_TRUE(writer->Seal().ok());
    }
    ExpectRefused("The first 5 records of the vault are not those of checkpoint 5", "forked");
    const Verdict verdict = Verified();
    EXPECT_FALSE(verdict.is_intact);
    EXPECT_THAT(verdict.problem.en, HasSubstr("checkpoint 5"));
}

TEST_P(SealTest, TakesNoRecordForARowThatWasBroughtInUnderItsName) {
    AddRows(1);
    SealAndKeep();
    {
        const auto writer = Writer();
        const std::vector<vault::RecordView> forged{{kNow, vault::Transport::kImport, "opsteward", "audit", "", R"({"sequence":99,"hash":""})"}};
        ASSERT_TRUE(writer->Append(forged).ok());
    }
    AddRows(1);
    EXPECT_EQ(SealAndKeep().rows, 1);
    EXPECT_TRUE(Verified().is_intact);
}

TEST_P(SealTest, KnowsTheFirstCheckpointOfEachRow) {
    AddRows(2);
    SealAndKeep();
    AppendOther(*Writer());
    AddRows(3);
    SealAndKeep();
    AddRows(1);
    clock_.Advance(std::chrono::hours(1));
    const std::string log = *LogOf(place_).value();
    EXPECT_THAT(log, ::testing::MatchesRegex("ops\\.example\\.gov\\.tw/vault\\+[0-9a-f]{8}"));
    const std::vector<std::int64_t> asked{1, 2, 3, 5, 6};
    std::map<std::int64_t, std::int64_t> checkpoints;
    const auto seals = Read<std::map<std::int64_t, Seal>>([&](db::Session& session) { return SealsOf(session, log, asked); });
    for (const auto& [row, seal] : seals) checkpoints.emplace(row, seal.tree_size);
    EXPECT_THAT(checkpoints, ElementsAre(Pair(1, 2), Pair(2, 2), Pair(3, 6), Pair(5, 6)));
    const auto state = Read<SealState>([&](db::Session& session) { return ReadSealState(session, log); });
    EXPECT_EQ(state.last->through, 5);
    EXPECT_EQ(state.waiting, 1);
    EXPECT_EQ(state.waiting_since, kNow);
    EXPECT_EQ(Read<SealState>([&](db::Session& session) { return ReadSealState(session, "another+00000000"); }).waiting, 6);
    EXPECT_THAT(Read<std::vector<std::string>>([](db::Session& session) { return SealedLogs(session); }), ElementsAre(log));
}

TEST_P(SealTest, ProvesEachSealedRow) {
    AddRows(3);
    const auto unsealed = ProveRow(database(), place_, 1);
    ASSERT_FALSE(unsealed.ok());
    EXPECT_EQ(unsealed.error().code, ErrorCode::kConflict);
    SealAndKeep();
    {
        const auto writer = Writer();
        AppendOther(*writer);
        ASSERT_TRUE(writer->WriteSegments().ok());
    }
    AddRows(3);
    SealAndKeep();
    AddRows(1);
    const auto key = vault::NoteKey::Parse(Trim(*ReadPublicKey(place_).value())).value();
    const std::vector<std::string> lines = Lines();
    for (std::int64_t row = 1; row <= 6; ++row) {
        const auto proof = ProveRow(database(), place_, row);
        ASSERT_TRUE(proof.ok()) << proof.error().operator_text;
        const std::string record(proof->extra.begin(), proof->extra.end());
        EXPECT_EQ(vault::ParseRecord(record)->message, lines[static_cast<std::size_t>(row - 1)]);
        EXPECT_TRUE(vault::VerifyProof(*proof, record, key).ok()) << row;
    }
    EXPECT_EQ(ProveRow(database(), place_, 7).error().code, ErrorCode::kConflict);
}

TEST_P(SealTest, FindsRowsThatWereRewrittenTogetherWithTheWholeChain) {
    struct Case {
        std::string_view name;
        std::string_view statement;
        std::int64_t broken_at;
        std::string_view problem;
    };
    AddRows(5);
    SealAndKeep();
    AddRows(2);
    const Verdict before = Verified();
    EXPECT_TRUE(before.is_intact) << before.problem.en;
    EXPECT_EQ(before.rows, 7);
    EXPECT_EQ(before.sealed, 5);
    for (const Case& test : std::vector<Case>{
             {"altered", "UPDATE audit_trail SET after_json = '{\"name\":\"x\"}' WHERE sequence = 3", 3, "Row 3 differs from what is sealed of it"},
             {"cut off", "DELETE FROM audit_trail WHERE sequence > 1", 2, "Row 2 is sealed in the vault (record 1), and is not in the database."},
             {"all gone", "DELETE FROM audit_trail", 1, "Row 1 is sealed"}}) {
        Tamper(test.statement);
        ComputeChainAnew();
        ASSERT_TRUE(Verify(database())->is_intact) << test.name << ": the chain alone does not tell";
        const Verdict verdict = Verified();
        EXPECT_FALSE(verdict.is_intact) << test.name;
        EXPECT_EQ(verdict.broken_at, test.broken_at) << test.name;
        EXPECT_THAT(verdict.problem.en, HasSubstr(test.problem)) << test.name;
        EXPECT_FALSE(verdict.problem.zh.empty()) << test.name;
    }
}

TEST_P(SealTest, FindsARowThatWasTakenOutInTheMiddle) {
    AddRows(5);
    SealAndKeep();
    Tamper("DELETE FROM audit_trail WHERE sequence = 4");
    const Verdict verdict = Verified();
    EXPECT_EQ(verdict.broken_at, 4);
    EXPECT_THAT(verdict.problem.en, HasSubstr("Row 4 is missing. Row 4 is sealed in the vault"));
}

TEST_P(SealTest, FindsARowThatTheVaultDoesNotHaveBetweenThoseItHas) {
    AddRows(2);
    Tamper("UPDATE audit_trail SET sequence = 3 WHERE sequence = 2");
    Tamper("UPDATE audit_head SET sequence = 3 WHERE id = 1");
    SealAndKeep();
    EXPECT_THAT(Sequences(), ElementsAre(1, 3)) << "a gap is for the chain's verification to tell; sealing goes on";
    Tamper("INSERT INTO audit_trail SELECT 2, at, user_id, user_name, address, action, subject_kind, subject_id, subject_name, unit_id, before_json, "
           "after_json, hash FROM audit_trail WHERE sequence = 1");
    ComputeChainAnew();
    const Verdict verdict = Verified();
    EXPECT_EQ(verdict.broken_at, 2);
    EXPECT_THAT(verdict.problem.en, HasSubstr("Row 2 is in the database and not in the vault"));
}

TEST_P(SealTest, TakesRowsThatTheVaultDeletedByTheirAgeForNeitherMissingNorNew) {
    for (int i = 0; i < 3; ++i) {
        AddRows(2);
        SealAndKeep();
        ASSERT_TRUE(Writer()->WriteSegments().ok());
    }
    const auto remove = [&](std::uint64_t first) {
        const auto writer = Writer();
        const auto deleted = writer->DeleteSegment(first, {.rules = {{.days = 1}}}, kNow);
        ASSERT_TRUE(deleted.ok()) << deleted.error().operator_text;
    };
    remove(2);
    EXPECT_THAT(Sequences(), ElementsAre(1, 2, 5, 6));
    Verdict verdict = Verified();
    EXPECT_TRUE(verdict.is_intact) << verdict.problem.en;
    EXPECT_EQ(verdict.sealed, 4);
    EXPECT_EQ(ProveRow(database(), place_, 3).error().code, ErrorCode::kNotFound);
    EXPECT_TRUE(ProveRow(database(), place_, 5).ok());
    remove(0);
    remove(4);
    EXPECT_THAT(Sequences(), ElementsAre());
    EXPECT_EQ(SealAndKeep().rows, 0) << "what was sealed is not sealed again";
    AddRows(1);
    EXPECT_EQ(SealAndKeep().rows, 1);
    EXPECT_THAT(Sequences(), ElementsAre(7));
    verdict = Verified();
    EXPECT_TRUE(verdict.is_intact) << verdict.problem.en;
    Tamper("UPDATE audit_trail SET subject_name = 'x' WHERE sequence = 7");
    ComputeChainAnew();
    EXPECT_EQ(Verified().broken_at, 7);
}

TEST_P(SealTest, VerifiesTheChainAloneWhereThereIsNoVault) {
    AddRows(2);
    const Verdict verdict = Verified();
    EXPECT_TRUE(verdict.is_intact);
    EXPECT_EQ(verdict.sealed, std::nullopt);
}

TEST_P(SealTest, TellsThatTheVaultIsGone) {
    AddRows(2);
    SealAndKeep();
    fs::remove_all(place_.vault);
    const Verdict verdict = Verified();
    EXPECT_FALSE(verdict.is_intact);
    EXPECT_THAT(verdict.problem.en, HasSubstr("There is no vault in"));
    const auto sealed = TrySeal();
    ASSERT_FALSE(sealed.ok()) << "an empty one does not take its place";
    EXPECT_THAT(sealed.error().caller_text.en, HasSubstr("The vault holds 0 records, and 2 were signed before"));
}

TEST_P(SealTest, SealsARowTooLongForARecordByItsHashes) {
    AddRows(1, std::string(5U << 20, 'x'));
    AddRows(1);
    SealAndKeep();
    EXPECT_THAT(Lines().front(), ::testing::MatchesRegex(R"(\{"sequence":1,"previous_hash":"","hash":"[0-9a-f]{64}"\})"));
    EXPECT_EQ(Sequences(), UpTo(2));
    EXPECT_TRUE(Verified().is_intact);
}

TEST(SealedLine, IsThatOfTheDocument) {
    const Entry entry{2, kNow, {3, "wang", "192.0.2.7"}, {"device.rename", "device", "d-17", "交換器 \"A\"/1\n", 7, nullptr, nullptr},
                      "695ca3a7d9ed1b84942b0fc94e0806869cf55708fd208a8f5c3fef11412ba81d"};
    EXPECT_EQ(SealedLine(entry, {R"({"name":"舊"})", "null"}, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
              R"({"sequence":2,"at":1754373787000,"user_id":3,"user_name":"wang","address":"192.0.2.7","action":"device.rename","subject_kind":"device",)"
              R"("subject_id":"d-17","subject_name":"交換器 \"A\"/1\n","unit_id":7,"before_json":"{\"name\":\"舊\"}","after_json":"null",)"
              R"("previous_hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",)"
              R"("hash":"695ca3a7d9ed1b84942b0fc94e0806869cf55708fd208a8f5c3fef11412ba81d"})");
}

TEST(SealedLine, TellsItsRow) {
    struct Case {
        std::string_view line;
        std::optional<std::int64_t> sequence;
    };
    for (const Case& test : {Case{R"({"sequence":12,"hash":""})", 12}, Case{R"({"sequence":9223372036854775807,)", 9'223'372'036'854'775'807},
                             Case{R"({"sequence":9223372036854775808,)", {}}, Case{R"({"sequence":12)", {}}, Case{R"({"sequence":12})", {}},
                             Case{R"({"sequence":0,)", {}}, Case{R"({"sequence":-1,)", {}}, Case{R"({"sequence":,)", {}}, Case{R"({"at":1,)", {}}, Case{"", {}}}) {
        EXPECT_EQ(SequenceOf(test.line), test.sequence) << test.line;
    }
}

}  // namespace
}  // namespace opsteward::audit
