// The witness: cosignatures and answers as computed by another program, what it remembers, and the log's side of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "vault/earlier_checkpoint.hpp"
#include "vault/store/file.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/tree/proof.hpp"
#include "vault/vault_writer.hpp"
#include "vault/witness/cosignature.hpp"
#include "vault/witness/submission.hpp"
#include "vault/witness/witness.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view kOrigin = "ops.example.gov.tw/vault";
constexpr std::string_view kWitness = "witness.example.gov.tw/w1";
const Instant kNow = Instant(std::chrono::seconds(1'679'315'147));

const VaultIdentity& TheLog() {
    static const VaultIdentity log{std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({1, 2, 3})};
    return log;
}

const SigningIdentity& TheWitness() {
    static const SigningIdentity witness{std::string(kWitness), crypto::Ed25519SigningKey::FromSeed({4, 5, 6}), SignatureType::kCosignature};
    return witness;
}

/// Computed by another program from RFC 6962 and the C2SP documents; the leaves are "record 0", "record 1" …
constexpr std::string_view kWitnessKey = "witness.example.gov.tw/w1+743098a2+BOTle8T8S8ot3IsfL5b9/JzhZufNY5wQuBHfe1EngbNB";
constexpr std::string_view kCheckpoint3 =
    "ops.example.gov.tw/vault\n3\nEROfCuN4nLInq4w+V9ZuiSXjrblsJNVzEYMhUNaskFs=\n\n"
    "\xE2\x80\x94 ops.example.gov.tw/vault ioesOgtHO6tDlGvztKlVCM045UMQNmiU5+afNqzsmSX+h7lIorbh/zd/LmowT3DHC1TnSi/QBnc2k/8eczI4LEgotQA=\n";
constexpr std::string_view kCosignature3 =
    "\xE2\x80\x94 witness.example.gov.tw/w1 "
    "dDCYogAAAABkGFDLsLcBpNM5cxs1EpSQ/vMDJrm3UgF+h3fy7YtzxfBIn2vbIrOwBAAXwe4KmA1kWar2/xaIu17hc3KElVY8sXVzDQ==\n";
constexpr std::string_view kProof3To7 =
    "eQtCVVwoF8KPO6ujvYzB2nR8wC1umQQeZPjGJ0bPBTs=\nzgHiTyZCGwocqrHsogbzT7tOTci5RDQ4qWNCPZqvb50=\n"
    "XDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO8=\nEtyAqalq3FVEKTfLRap2mL+X8JrjwFC6sFVLX4WzZDs=\n";
constexpr std::string_view kCheckpoint7 =
    "ops.example.gov.tw/vault\n7\nZlCXn2yHiq2F84Dsicnip68Q0qZKqWqJGKp/UHsg+Y4=\n\n"
    "\xE2\x80\x94 ops.example.gov.tw/vault ioesOhzqpPRPURuW5+1sR2WuMzvn/XoAwPkQEJvVq1o1vduVJibNUggDuiLiaLMeh37rY+7TPHf+yjHqTNrSdI4VuQE=\n";
constexpr std::string_view kCosignature7 =
    "\xE2\x80\x94 witness.example.gov.tw/w1 "
    "dDCYogAAAABkGFDLjobddHZ5zdkENjXbnT9qiQ/zFmgkvC7SLWx3dNYd+lHITDnJoK/cuztdH5MG/uYUK/adD5Dfo43lNXUQHQhjBg==\n";

std::string Body(std::uint64_t old_size, std::string_view proof, std::string_view checkpoint) {
    return "old " + std::to_string(old_size) + "\n" + std::string(proof) + "\n" + std::string(checkpoint);
}

/// A log whose leaves begin with "record 0", "record 1" …, and from `fork` on are others.
struct TestLog {
    std::uint64_t fork = UINT64_MAX;

    std::vector<Hash> Leaves(std::uint64_t size) const {
        std::vector<Hash> leaves;
        for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(LeafHasher()((i < fork ? "record " : "other ") + std::to_string(i)));
        return leaves;
    }
    Note Sealed(std::uint64_t size) const { return SignCheckpoint({std::string(kOrigin), size, RootOf(Leaves(size))}, TheLog().key); }
    std::string Request(std::uint64_t old_size, std::uint64_t size) const {
        const auto leaves = Leaves(size);
        const NodeReader nodes = [&](unsigned level, std::uint64_t index) -> Result<Hash> {
            return RootOf(std::span(leaves).subspan(index << level, std::uint64_t{1} << level));
        };
        AddCheckpointRequest request{old_size, {}, Sealed(size)};
        if (old_size <= size) request.proof = ConsistencyProof(old_size, size, nodes).value();
        return request.ToText();
    }
};

TEST(Cosignature, IsThatOfAnotherProgram) {
    EXPECT_EQ(TheWitness().public_key().ToText(), kWitnessKey);
    Note note = Note::Parse(kCheckpoint3).value();
    note.signatures.push_back(Cosign(note, TheWitness(), kNow));
    EXPECT_EQ(note.ToText(), std::string(kCheckpoint3) + std::string(kCosignature3));
    EXPECT_EQ(VerifyCosignature(note, NoteKey::Parse(kWitnessKey).value()).value(), kNow);
    EXPECT_TRUE(VerifyNote(note, TheLog().public_key()).ok()) << "the log's signature stands beside it";
}

TEST(Cosignature, IsRefusedWhenItsTimeItsTextOrItsKeyIsAnother) {
    const NoteKey key = TheWitness().public_key();
    const Note right = Note::Parse(std::string(kCheckpoint3) + std::string(kCosignature3)).value();
    for (std::size_t i = 0; i < right.signatures[1].bytes.size(); ++i) {
        Note altered = right;
        altered.signatures[1].bytes[i] ^= 1;
        EXPECT_EQ(VerifyCosignature(altered, key).error().code, ErrorCode::kCorrupt) << i;
    }
    Note shorter = right;
    shorter.signatures[1].bytes.resize(64);
    EXPECT_THAT(VerifyCosignature(shorter, key).error().caller_text.en, HasSubstr("does not fit"));
    Note other_text = right;
    other_text.text = Note::Parse(kCheckpoint7).value().text;
    EXPECT_THAT(VerifyCosignature(other_text, key).error().caller_text.en, HasSubstr("does not fit"));
    EXPECT_THAT(VerifyCosignature(Note::Parse(kCheckpoint3).value(), key).error().caller_text.en, HasSubstr("not cosigned by"));
    EXPECT_EQ(VerifyCosignature(right, TheLog().public_key()).error().code, ErrorCode::kInvalidInput);
    NoteKey as_log = key;
    as_log.type = SignatureType::kEd25519;
    EXPECT_FALSE(VerifyNote(right, as_log).ok()) << "a cosignature is never taken for a log's signature";
}

TEST(Cosignature, OfSeveralTheLatestCountsAndEachHasToFit) {
    Note note = Note::Parse(kCheckpoint3).value();
    note.signatures.push_back(Cosign(note, TheWitness(), kNow));
    note.signatures.push_back(Cosign(note, TheWitness(), kNow - std::chrono::hours(1)));
    EXPECT_EQ(VerifyCosignature(note, TheWitness().public_key()).value(), kNow);
    note.signatures.back().bytes.back() ^= 1;
    EXPECT_FALSE(VerifyCosignature(note, TheWitness().public_key()).ok());
}

TEST(AddCheckpoint, IsReadBackAsWritten) {
    const std::string body = Body(3, kProof3To7, kCheckpoint7);
    const auto request = AddCheckpointRequest::Parse(body).value();
    EXPECT_EQ(request.old_size, 3U);
    EXPECT_EQ(request.proof.size(), 4U);
    EXPECT_EQ(request.ToText(), body);
    EXPECT_EQ(TestLog().Request(3, 7), body);
}

TEST(AddCheckpoint, RefusesWhatIsNotAWholeRequestAndSaysWhy) {
    const std::string note(kCheckpoint3);
    const std::string hash = "XDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO8=\n";
    std::string too_many;
    for (int i = 0; i < 64; ++i) too_many += hash;
    const struct {
        std::string body;
        std::string_view why;
    } kTable[] = {
        {"", "empty line"},
        {"old 0\n", "empty line"},
        {"old 0\n" + note.substr(0, note.find("\n\n") + 1), "empty line"},
        {"\n\n" + note, "first line"},
        {"old\n\n" + note, "first line"},
        {"old \n\n" + note, "first line"},
        {"old 01\n\n" + note, "first line"},
        {"old -1\n\n" + note, "first line"},
        {"old +1\n\n" + note, "first line"},
        {"old 0 \n\n" + note, "first line"},
        {" old 0\n\n" + note, "first line"},
        {"OLD 0\n\n" + note, "first line"},
        {"old  0\n\n" + note, "first line"},
        {"old 0\r\n\n" + note, "first line"},
        {"old 18446744073709551616\n\n" + note, "first line"},
        {hash + "old 0\n\n" + note, "first line"},
        {Body(1, hash.substr(1), note), "32 bytes"},
        {Body(1, hash.substr(0, 43) + "\n", note), "32 bytes"},
        {Body(1, hash.substr(0, 44) + " \n", note), "32 bytes"},
        {Body(1, "XDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO9=\n", note), "32 bytes"},
        {Body(1, too_many, note), "63 lines"},
        {"old 0\n\n", "note is malformed"},
        {"old 0\n\n" + note.substr(0, note.size() - 1), "note is malformed"},
        {"old 0\n\n" + note + "\n", "note is malformed"},
        {"old 0\n\n" + std::string("a\0b\n", 4) + "\n" + note, "note is malformed"},
        {"old 0\n\n\xFF" + note, "note is malformed"},
        {"old 0\n\n" + std::string(AddCheckpointRequest::kMaxBytes, 'x') + note, "longer than"},
    };
    for (const auto& [body, why] : kTable) {
        const auto request = AddCheckpointRequest::Parse(body);
        ASSERT_FALSE(request.ok()) << body.substr(0, 100);
        EXPECT_EQ(request.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(request.error().caller_text.en, HasSubstr(why)) << body.substr(0, 100);
    }
    EXPECT_TRUE(AddCheckpointRequest::Parse(Body(1, too_many.substr(hash.size()), note)).ok());
}

TEST(AddCheckpoint, TheLinesOfAnAnswerAreSignaturesAndNothingElse) {
    const std::string line(kCosignature3);
    EXPECT_EQ(ParseCosignatureLines(line + line).value().size(), 2U);
    std::string many;
    for (int i = 0; i < 65; ++i) many += line;
    for (const std::string& body : {std::string(), std::string("\n"), line.substr(0, line.size() - 1), line + "\n", "\n" + line, line + "3\n", many}) {
        EXPECT_EQ(ParseCosignatureLines(body).error().code, ErrorCode::kInvalidInput) << body;
    }
}

class AWitness : public ::testing::Test {
  protected:
    void SetUp() override { Reopen(); }

    void Reopen() {
        witness_.reset();
        auto opened = Witness::Open(folder_.path(), kWitness, {TheLog().public_key()});
        ASSERT_TRUE(opened.ok()) << opened.error().operator_text;
        witness_ = std::move(*opened);
    }
    WitnessAnswer Ask(const std::string& body) { return witness_->Answer(body, kNow); }
    int StatusOf(const std::string& body) { return Ask(body).status; }
    std::filesystem::path State() const { return Only(folder_.path() / "logs"); }
    static std::filesystem::path Only(const std::filesystem::path& folder) {
        std::vector<std::filesystem::path> entries;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) entries.push_back(entry.path());
        EXPECT_EQ(entries.size(), 1U) << folder;
        return entries.at(0);
    }
    /// As the disk has it.
    std::uint64_t Remembered() const { return Checkpoint::Parse(Note::Parse(ReadFile(State()).value()).value().text).value().size; }
    std::vector<std::string> Evidence() const {
        std::vector<std::string> names;
        if (!std::filesystem::exists(folder_.path() / "evidence")) return names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path() / "evidence")) {
            if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
        }
        std::ranges::sort(names);
        return names;
    }

    ScratchFolder folder_;
    std::unique_ptr<Witness> witness_;
    TestLog log_;
};

TEST(Decision, CosignsAsAnotherProgramDoes) {
    const auto known = Checkpoint::Parse(Note::Parse(kCheckpoint3).value().text).value();
    const auto request = AddCheckpointRequest::Parse(Body(3, kProof3To7, kCheckpoint7)).value();
    const auto checkpoint = Checkpoint::Parse(request.checkpoint.text).value();
    const auto decision = Decide(TheLog().public_key(), known, request, checkpoint, TheWitness(), kNow);
    EXPECT_EQ(decision.answer.status, 200);
    EXPECT_EQ(decision.answer.body, kCosignature7);
    EXPECT_EQ(decision.cosigned->ToText(), std::string(kCheckpoint7) + std::string(kCosignature7));
}

TEST_F(AWitness, AnswersEveryRequestAsTheProtocolSays) {
    ASSERT_EQ(StatusOf(log_.Request(0, 3)), 200);
    const auto twisted = [](std::string body) {
        body[body.find('\n') + 1] ^= 1;
        return body;
    };
    const struct {
        std::string_view what;
        std::string body;
        int status;
        std::string_view told;
    } kTable[] = {
        {"no request", "", 400, "malformed"},
        {"a note that is no checkpoint", "old 0\n\ntext\n\n" + std::string(kCosignature3), 400, "checkpoint is malformed"},
        {"lines behind the root", "old 0\n\nlog\n1\nXDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO8=\nmore\n\n" + std::string(kCosignature3), 400, "three lines"},
        {"an unknown log", "old 0\n\nother.example\n1\nXDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO8=\n\n" + std::string(kCosignature3), 404, "not know"},
        {"no signature of its key", Body(3, "", std::string(kCheckpoint3).substr(0, kCheckpoint3.find("\n\n") + 2) + std::string(kCosignature3)), 403, "not sign"},
        {"an old size above the checkpoint's", log_.Request(4, 3), 400, "larger"},
        {"an old size that is not the known one", log_.Request(0, 7), 409, "3\n"},
        {"an old size above the known one", log_.Request(5, 7), 409, "3\n"},
        {"an older checkpoint", log_.Request(2, 2), 409, "3\n"},
        {"the same size, another root", TestLog{2}.Request(3, 3), 409, "3\n"},
        {"another history", TestLog{2}.Request(3, 7), 422, "does not show"},
        {"a twisted proof", twisted(log_.Request(3, 7)), 422, "does not show"},
        {"no proof", Body(3, "", kCheckpoint7), 422, "does not show"},
        {"a proof too many", Body(3, "XDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO8=\n", kCheckpoint3), 422, "does not show"},
    };
    for (const auto& [what, body, status, told] : kTable) {
        const WitnessAnswer answer = Ask(body);
        EXPECT_EQ(answer.status, status) << what;
        EXPECT_THAT(answer.body, HasSubstr(told)) << what;
        EXPECT_EQ(answer.content_type == kTreeSizeType, status == 409) << what;
        EXPECT_EQ(Remembered(), 3U) << what;
    }
    EXPECT_EQ(StatusOf(Body(3, kProof3To7, kCheckpoint7)), 200);
    EXPECT_EQ(Remembered(), 7U);
}

TEST_F(AWitness, BeginsWithAnyTreeAndWithTheEmptyOneToo) {
    EXPECT_EQ(StatusOf(Body(0, "XDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO8=\n", kCheckpoint3)), 422) << "from nothing there is no proof";
    const Note wrong_root = SignCheckpoint({std::string(kOrigin), 0, RootOf(log_.Leaves(1))}, TheLog().key);
    EXPECT_EQ(Ask(Body(0, "", wrong_root.ToText())).body, "0\n");
    EXPECT_EQ(StatusOf(log_.Request(0, 0)), 200);
    EXPECT_EQ(StatusOf(log_.Request(0, 3)), 200);
    EXPECT_THAT(Evidence(), IsEmpty());
}

TEST_F(AWitness, CosignsTheSameTreeAgainWithTheNewTime) {
    ASSERT_EQ(StatusOf(log_.Request(0, 3)), 200);
    const WitnessAnswer again = witness_->Answer(log_.Request(3, 3), kNow + std::chrono::hours(1));
    ASSERT_EQ(again.status, 200);
    Note note = log_.Sealed(3);
    note.signatures.push_back(ParseCosignatureLines(again.body).value().at(0));
    EXPECT_EQ(VerifyCosignature(note, witness_->public_key()).value(), kNow + std::chrono::hours(1));
}

TEST_F(AWitness, KeepsTheCheckpointWithTheLogsSignatureAndItsOwnAlone) {
    Note note = log_.Sealed(3);
    note.Sign("somebody.example", crypto::Ed25519SigningKey::Generate());
    const WitnessAnswer answer = Ask(Body(0, "", note.ToText()));
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(ReadFile(State()).value(), log_.Sealed(3).ToText() + answer.body);
    EXPECT_THAT(State().filename().string(), StartsWith("ops.example.gov.tw_vault-"));
}

TEST_F(AWitness, RemembersWhatItCosignedThoughTheAnswerWasLost) {
    ASSERT_EQ(StatusOf(log_.Request(0, 3)), 200);
    (void)Ask(log_.Request(3, 7));
    Reopen();
    EXPECT_EQ(Ask(TestLog{5}.Request(3, 6)).body, "7\n");
    EXPECT_EQ(StatusOf(TestLog{5}.Request(7, 8)), 422);
    EXPECT_EQ(StatusOf(log_.Request(7, 8)), 200);
}

TEST_F(AWitness, GivesNoCosignatureForWhatItCouldNotKeep) {
    ASSERT_EQ(StatusOf(log_.Request(0, 3)), 200);
    const auto in_the_way = State().string() + ".new";
    std::filesystem::create_directory(in_the_way);
    const WitnessAnswer answer = Ask(log_.Request(3, 7));
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, ::testing::Not(HasSubstr(kWitness)));
    std::filesystem::remove(in_the_way);
    EXPECT_EQ(Remembered(), 3U);
    EXPECT_EQ(StatusOf(log_.Request(3, 8)), 200);
}

TEST_F(AWitness, NeverBeginsAnewWhenWhatItRemembersIsDamaged) {
    ASSERT_EQ(StatusOf(log_.Request(0, 3)), 200);
    const std::string state = ReadFile(State()).value();
    witness_.reset();
    const auto code = [&](const std::string& bytes) {
        ScratchFolder::Write(State(), bytes);
        return Witness::Open(folder_.path(), kWitness, {TheLog().public_key()}).error().code;
    };
    for (std::size_t length = 0; length < state.size(); length += 7) EXPECT_EQ(code(state.substr(0, length)), ErrorCode::kCorrupt) << length;
    EXPECT_EQ(code(log_.Sealed(2).ToText()), ErrorCode::kCorrupt) << "the log's signature is not enough";
    ScratchFolder::Write(State(), state);
    std::filesystem::remove(folder_.path() / "witness.key");
    std::filesystem::remove(folder_.path() / "witness.pub");
    EXPECT_EQ(code(state), ErrorCode::kCorrupt) << "a new key has cosigned nothing";
}

TEST_F(AWitness, KeepsEachContradictionOfTheLogsKeyAsEvidence) {
    ASSERT_EQ(StatusOf(log_.Request(0, 3)), 200);
    const std::string known = ReadFile(State()).value();
    EXPECT_EQ(StatusOf(log_.Request(2, 2)), 409) << "old, but nothing that contradicts";
    EXPECT_THAT(Evidence(), IsEmpty());
    const std::string request = TestLog{2}.Request(3, 7);
    EXPECT_EQ(StatusOf(request), 422);
    EXPECT_EQ(StatusOf(request), 422);
    ASSERT_EQ(Evidence().size(), 2U) << "the same one is kept once";
    EXPECT_THAT(Evidence(), ElementsAre(StartsWith("7-"), ::testing::EndsWith(".submitted")));
    const auto folder = Only(folder_.path() / "evidence");
    EXPECT_EQ(ReadFile(folder / Evidence()[0]).value(), known);
    EXPECT_EQ(ReadFile(folder / Evidence()[1]).value(), request);
    EXPECT_EQ(StatusOf(TestLog{2}.Request(0, 3)), 409) << "the same size with another root contradicts whatever the old size is";
    EXPECT_EQ(Evidence().size(), 4U);
}

TEST_F(AWitness, KeepsNoMoreEvidenceThanItsLimit) {
    ASSERT_EQ(StatusOf(log_.Request(0, 3)), 200);
    for (std::uint64_t size = 4; size < 4 + RememberedLog::kMaxEvidence + 5; ++size) EXPECT_EQ(StatusOf(TestLog{2}.Request(3, size)), 422);
    EXPECT_EQ(Evidence().size(), 2 * RememberedLog::kMaxEvidence);
}

TEST_F(AWitness, OfManyRequestsAtOnceNoneTakesItBack) {
    ASSERT_EQ(StatusOf(log_.Request(0, 1)), 200);
    constexpr std::uint64_t kSizes = 24;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            std::uint64_t last = 0;
            for (std::uint64_t size = 2; size <= kSizes; ++size) {
                WitnessAnswer answer = witness_->Answer(log_.Request(size - 1, size), kNow);
                EXPECT_THAT(answer.status, ::testing::AnyOf(200, 409));
                if (answer.status == 200) continue;
                const std::uint64_t told = std::stoull(answer.body);
                EXPECT_GE(told, last);
                last = told;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Remembered(), kSizes) << "each size was cosigned by whoever came first";
}

TEST_F(AWitness, HasOneProcessAndOneKeyForEachLog) {
    EXPECT_EQ(Witness::Open(folder_.path(), kWitness, {}).error().code, ErrorCode::kConflict);
    const NoteKey key = witness_->public_key();
    EXPECT_EQ(key.type, SignatureType::kCosignature);
    witness_.reset();
    EXPECT_EQ(Witness::Open(folder_.path(), kWitness, {key}).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(Witness::Open(folder_.path(), kWitness, {TheLog().public_key(), TheLog().public_key()}).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(Witness::Open(folder_.path(), "another name", {}).value()->public_key(), key) << "the key stays";
    EXPECT_EQ(std::filesystem::status(folder_.path() / "witness.key").permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

/// A vault that a witness in the same process looks after.
class AWitnessedVault : public AWitness {
  protected:
    static void Grow(const std::filesystem::path& folder, int from, int to) {
        auto vault = VaultWriter::Open(folder, {std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({1, 2, 3})});
        ASSERT_TRUE(vault.ok()) << vault.error().operator_text;
        for (int i = from; i < to; ++i) {
            const std::string message = "line " + std::to_string(i);
            const RecordView record{FromMillis(1'795'521'600'000), Transport::kTcp, "fw", "firewall", "192.0.2.1", message};
            ASSERT_TRUE((*vault)->Append({&record, 1}).ok());
        }
        ASSERT_TRUE((*vault)->Seal().ok());
    }
    Result<WitnessedCheckpoint> Submit(std::uint64_t known_size = 0) { return SubmitFrom(vault_, known_size); }
    Result<WitnessedCheckpoint> SubmitFrom(const std::filesystem::path& folder, std::uint64_t known_size = 0) {
        const auto vault = VaultReader::Open(folder).value();
        return SubmitCheckpoint(vault, TheLog().public_key(), witness_->public_key(), known_size, [&](const std::string& body) -> Result<WitnessAnswer> {
            asked_.push_back(AddCheckpointRequest::Parse(body).value().old_size);
            return Ask(body);
        });
    }
    /// What the vault makes of such an answer.
    Error Given(const WitnessAnswer& answer) {
        const auto vault = VaultReader::Open(vault_).value();
        return SubmitCheckpoint(vault, TheLog().public_key(), TheWitness().public_key(), 0, [&](const std::string&) -> Result<WitnessAnswer> { return answer; })
            .error();
    }

    ScratchFolder home_;
    std::filesystem::path vault_ = home_.path() / "vault";
    std::vector<std::uint64_t> asked_;
};

TEST_F(AWitnessedVault, IsSubmittedAgainAndAgainAsItGrows) {
    Grow(vault_, 0, 3);
    EXPECT_EQ(Submit()->checkpoint.size, 3U);
    Grow(vault_, 3, 1000);
    const auto second = Submit(3);
    ASSERT_TRUE(second.ok()) << second.error().operator_text;
    EXPECT_EQ(second->checkpoint.size, 1000U);
    EXPECT_EQ(second->from, 3U);
    EXPECT_EQ(second->cosigned_at, kNow);
    EXPECT_EQ(OpenCheckpoint(second->note, TheLog().public_key()).value(), second->checkpoint);
    EXPECT_EQ(VerifyCosignature(second->note, witness_->public_key()).value(), kNow);
    Grow(vault_, 1000, 1001);
    EXPECT_TRUE(Submit(3).ok()) << "the witness says from where";
    EXPECT_TRUE(Submit(0).ok());
    EXPECT_THAT(asked_, ElementsAre(0, 3, 3, 1000, 0, 1001));
}

TEST_F(AWitnessedVault, PutBackToAnOlderStateIsFoundOut) {
    Grow(vault_, 0, 3);
    std::filesystem::copy(vault_, home_.path() / "older", std::filesystem::copy_options::recursive);
    Grow(vault_, 3, 7);
    const auto witnessed = Submit();
    ASSERT_TRUE(witnessed.ok());
    const auto older = SubmitFrom(home_.path() / "older", 3);
    EXPECT_EQ(older.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(older.error().caller_text.en, HasSubstr("the witness cosigned 7 records, and the vault has sealed 3"));
    EXPECT_THAT(Evidence(), IsEmpty()) << "what is old contradicts nothing";

    ASSERT_TRUE(ReplaceFile(Layout{home_.path() / "older"}.witnessed(), witnessed->note.ToText()).ok());
    const auto opened = VaultWriter::Open(home_.path() / "older", {std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({1, 2, 3})});
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(opened.error().caller_text.en, HasSubstr("not what its witnessed checkpoint says: it should hold 7 records, and holds 3."));
}

TEST_F(AWitnessedVault, WrittenAnewWithTheStolenKeyIsFoundOut) {
    Grow(vault_, 0, 7);
    const auto witnessed = Submit();
    ASSERT_TRUE(witnessed.ok());
    const auto forged = home_.path() / "forged";
    Grow(forged, 1, 8);
    EXPECT_THAT(SubmitFrom(forged).error().caller_text.en, HasSubstr("the 7 records that the witness cosigned before are others"));
    EXPECT_EQ(Evidence().size(), 2U);
    Grow(forged, 8, 20);
    const auto longer = SubmitFrom(forged, 7);
    EXPECT_EQ(longer.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(longer.error().caller_text.en, HasSubstr("does not go on from what the witness saw"));
    EXPECT_EQ(Evidence().size(), 4U);
    EXPECT_EQ(Remembered(), 7U);

    ASSERT_TRUE(ReplaceFile(Layout{forged}.witnessed(), witnessed->note.ToText()).ok());
    const auto opened = VaultWriter::Open(forged, {std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({1, 2, 3})});
    EXPECT_THAT(opened.error().caller_text.en, HasSubstr("its first 7 records were altered"));
}

TEST_F(AWitnessedVault, IsNotOpenedWithAWitnessedCheckpointThatItsKeyDidNotSign) {
    Grow(vault_, 0, 3);
    const Note foreign = SignCheckpoint({std::string(kOrigin), 0, EmptyRoot()}, crypto::Ed25519SigningKey::FromSeed({7}));
    for (const std::string& bytes : {std::string(), foreign.ToText(), std::string(kCheckpoint3).substr(0, 90)}) {
        ASSERT_TRUE(ReplaceFile(Layout{vault_}.witnessed(), bytes).ok());
        const auto opened = VaultWriter::Open(vault_, {std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({1, 2, 3})});
        EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << bytes;
    }
}

TEST_F(AWitnessedVault, TakesNoAnswerForACosignatureThatIsNone) {
    Grow(vault_, 0, 3);
    const struct {
        WitnessAnswer answer;
        ErrorCode code;
        std::string_view told;
    } kTable[] = {
        {{200, "text/plain", std::string(kCosignature3)}, ErrorCode::kCorrupt, "does not fit"},
        {{200, "text/plain", "\xE2\x80\x94 other.example eHNBTwa7PcEnd+ovLA==\n"}, ErrorCode::kCorrupt, "not cosigned by"},
        {{200, "text/plain", ""}, ErrorCode::kInvalidInput, "no signature lines"},
        {{200, "text/html", "<p>Welcome</p>\n"}, ErrorCode::kInvalidInput, "no signature lines"},
        {{301, "text/html", ""}, ErrorCode::kUnavailable, "answered 301"},
        {{400, "text/plain", "bad\x1b[2J\n"}, ErrorCode::kUnavailable, "answered 400: bad [2J"},
        {{403, "text/plain", ""}, ErrorCode::kForbidden, "by another key"},
        {{404, "text/plain", ""}, ErrorCode::kNotFound, "does not know"},
        {{409, "text/plain", "2\n"}, ErrorCode::kUnavailable, "answered 409"},
        {{409, std::string(kTreeSizeType), "two\n"}, ErrorCode::kUnavailable, "answered 409"},
        {{409, std::string(kTreeSizeType), "2"}, ErrorCode::kUnavailable, "answered 409"},
        {{409, std::string(kTreeSizeType), "0\n"}, ErrorCode::kUnavailable, "answered 409"},
        {{409, std::string(kTreeSizeType), "4\n"}, ErrorCode::kCorrupt, "cosigned 4 records"},
        {{422, "text/plain", ""}, ErrorCode::kCorrupt, "CUT SHORT OR ALTERED"},
        {{500, "text/plain", ""}, ErrorCode::kUnavailable, "answered 500"},
    };
    for (const auto& [answer, code, told] : kTable) {
        const Error error = Given(answer);
        EXPECT_EQ(error.code, code) << answer.status << answer.body;
        EXPECT_THAT(error.caller_text.en, HasSubstr(told));
    }
}

TEST_F(AWitnessedVault, GivesUpWhenTheWitnessKeepsSayingAnotherSize) {
    Grow(vault_, 0, 3);
    const auto vault = VaultReader::Open(vault_).value();
    int asked = 0;
    const auto moving = [&](const std::string&) -> Result<WitnessAnswer> {
        return WitnessAnswer{409, std::string(kTreeSizeType), ++asked % 2 == 0 ? "1\n" : "2\n"};
    };
    EXPECT_EQ(SubmitCheckpoint(vault, TheLog().public_key(), TheWitness().public_key(), 0, moving).error().code, ErrorCode::kConflict);
    EXPECT_LT(asked, 10);
}

TEST_F(AWitnessedVault, ThatWasNeverSealedHasNothingToSubmit) {
    ASSERT_TRUE(VaultWriter::Open(vault_, {std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({1, 2, 3})}).ok());
    EXPECT_EQ(Submit().error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace opsteward::vault
