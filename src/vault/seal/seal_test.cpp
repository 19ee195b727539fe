// Notes, checkpoints and proof files: read back as written, known answers, and whatever is altered is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vault/seal/checkpoint.hpp"
#include "vault/seal/key_files.hpp"
#include "vault/seal/note.hpp"
#include "vault/seal/proof_file.hpp"
#include "vault/store/file.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kOrigin = "ops.example.gov.tw/vault";

const crypto::Ed25519SigningKey& SigningKey() {
    static const auto key = crypto::Ed25519SigningKey::FromSeed({1, 2, 3});
    return key;
}

NoteKey PublicKey() { return {std::string(kOrigin), SignatureType::kEd25519, SigningKey().public_key()}; }

/// As given in the documentation of golang.org/x/mod/sumdb/note, the first implementation of the format.
constexpr std::string_view kKnownKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kKnownNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xE2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, ReadsAndVerifiesWhatAnotherImplementationSigned) {
    const auto key = NoteKey::Parse(kKnownKey);
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(key->ToText(), kKnownKey);
    const auto note = Note::Parse(kKnownNote);
    ASSERT_TRUE(note.ok());
    EXPECT_EQ(note->ToText(), kKnownNote);
    EXPECT_TRUE(VerifyNote(*note, *key).ok());
}

TEST(Note, IsVerifiedOnlyByAKnownKeyWhoseEverySignatureFits) {
    Note note{"text\n\nwith an empty line\n", {}};
    note.Sign("other.example", crypto::Ed25519SigningKey::Generate());
    EXPECT_THAT(VerifyNote(note, PublicKey()).error().caller_text.en, HasSubstr("not signed by the key of ops.example"));
    note.Sign(kOrigin, SigningKey());
    const Note back = Note::Parse(note.ToText()).value();
    EXPECT_EQ(back.text, note.text);
    EXPECT_TRUE(VerifyNote(back, PublicKey()).ok());

    NoteKey same_name = PublicKey();
    same_name.key = crypto::Ed25519SigningKey::Generate().public_key();
    EXPECT_FALSE(VerifyNote(back, same_name).ok());

    Note with_a_wrong_one = back;
    with_a_wrong_one.signatures.push_back(back.signatures.back());
    with_a_wrong_one.signatures.back().bytes[0] ^= 1;
    EXPECT_FALSE(VerifyNote(with_a_wrong_one, PublicKey()).ok());
}

TEST(Note, RefusesWhatIsNotANoteAndSaysWhy) {
    const std::string signature = "\xE2\x80\x94 a eHNBTwa7PcEnd+ovLA==\n";
    const struct {
        std::string bytes;
        std::string_view why;
    } kTable[] = {
        {"", "empty line"},
        {"text\n", "empty line"},
        {"text\n\n", "no signature"},
        {"text\n\n\n", "no signature"},
        {"text\n" + signature, "empty line"},
        {"text\n\n" + signature.substr(0, signature.size() - 1), "empty line"},
        {"te\rxt\n\n" + signature, "control"},
        {"te\xFFxt\n\n" + signature, "UTF-8"},
        {"text\n\n- a eHNBTwa7PcEnd+ovLA==\n", "em dash"},
        {"text\n\n\xE2\x80\x94 a\n", "lacks its signature"},
        {"text\n\n\xE2\x80\x94 a eHNBTw==\n", "base 64"},
        {"text\n\n\xE2\x80\x94 a eHNBTwa7PcEnd+ovLB==\n", "base 64"},
        {"text\n\n\xE2\x80\x94 a+b eHNBTwa7PcEnd+ovLA==\n", "base 64"},
        {"text\n\n" + std::string(65, ' '), "empty line"},
        {std::string(1 << 20, 'x') + "\n\n" + signature, "1 MiB"},
    };
    for (const auto& [bytes, why] : kTable) {
        const auto note = Note::Parse(bytes);
        ASSERT_FALSE(note.ok()) << bytes.substr(0, 100);
        EXPECT_THAT(note.error().caller_text.en, HasSubstr(why));
    }
    std::string many = "text\n\n";
    for (int i = 0; i < 64; ++i) many += signature;
    EXPECT_TRUE(Note::Parse(many).ok());
    EXPECT_THAT(Note::Parse(many + signature).error().caller_text.en, HasSubstr("too many signatures"));
}

TEST(NoteKey, IsRefusedWhenItsIdDoesNotFit) {
    for (const std::string_view text :
         {"", "a", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq",
          "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"}) {
        EXPECT_EQ(NoteKey::Parse(text).error().code, ErrorCode::kInvalidInput) << text;
    }
}

TEST(Checkpoint, IsReadBackAsWritten) {
    const Checkpoint checkpoint{std::string(kOrigin), 20852163, RootOf({})};
    EXPECT_EQ(checkpoint.ToText(), "ops.example.gov.tw/vault\n20852163\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    EXPECT_EQ(Checkpoint::Parse(checkpoint.ToText()).value(), checkpoint);
    const Note note = Note::Parse(SignCheckpoint(checkpoint, SigningKey()).ToText()).value();
    EXPECT_EQ(OpenCheckpoint(note, PublicKey()).value(), checkpoint);
}

TEST(Checkpoint, OfAnotherLogIsRefusedThoughTheKeySignedIt) {
    Note note{Checkpoint{"other.example/vault", 1, RootOf({})}.ToText(), {}};
    note.Sign(kOrigin, SigningKey());
    EXPECT_THAT(OpenCheckpoint(note, PublicKey()).error().caller_text.en, HasSubstr("is of other.example/vault, not of ops.example"));
}

TEST(Checkpoint, RefusesWhatIsNotThreeLinesOfTheirKind) {
    const std::string root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    const std::pair<std::string, std::string_view> kTable[] = {
        {"", "no end"},
        {"log\n1\n" + root, "no end"},
        {"log\n1\n", "three lines"},
        {"log\n1\n" + root + "\nmore\n", "three lines"},
        {"\n1\n" + root + "\n", "names the log"},
        {"log\n01\n" + root + "\n", "number of leaves"},
        {"log\n\n" + root + "\n", "number of leaves"},
        {"log\n-1\n" + root + "\n", "number of leaves"},
        {"log\n18446744073709551616\n" + root + "\n", "number of leaves"},
        {"log\n1\n" + root.substr(0, 40) + "\n", "32 bytes"},
    };
    for (const auto& [text, why] : kTable) {
        const auto checkpoint = Checkpoint::Parse(text);
        ASSERT_FALSE(checkpoint.ok()) << text;
        EXPECT_THAT(checkpoint.error().caller_text.en, HasSubstr(why)) << text;
    }
    EXPECT_EQ(Checkpoint::Parse("log\n18446744073709551615\n" + root + "\n").value().size, UINT64_MAX);
}

class KeyFiles : public ::testing::Test {
  protected:
    Result<VaultIdentity> Load() { return LoadOrMakeIdentity(private_, public_, kOrigin); }

    ScratchFolder folder_;
    const std::filesystem::path private_ = folder_.path() / "vault.key";
    const std::filesystem::path public_ = folder_.path() / "vault.pub";
};

TEST_F(KeyFiles, AreMadeOnceAndReadAgain) {
    const NoteKey made = Load().value().public_key();
    EXPECT_EQ(Load().value().public_key(), made);
    EXPECT_EQ(NoteKey::Parse(ReadFile(public_).value()).value(), made);
    EXPECT_EQ(std::filesystem::status(private_).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::remove(public_);
    EXPECT_EQ(Load().value().public_key(), made);
    EXPECT_TRUE(std::filesystem::exists(public_));
}

TEST_F(KeyFiles, ANewKeyNeverTakesThePlaceOfALostOne) {
    ASSERT_TRUE(Load().ok());
    const std::string key = ReadFile(private_).value();
    std::filesystem::remove(private_);
    EXPECT_THAT(Load().error().caller_text.en, HasSubstr("restore the private key"));
    EXPECT_FALSE(std::filesystem::exists(private_));
    for (std::size_t length = 0; length + 1 < key.size(); ++length) {
        ScratchFolder::Write(private_, key.substr(0, length));
        EXPECT_EQ(Load().error().code, ErrorCode::kCorrupt) << length;
    }
}

TEST_F(KeyFiles, APublicKeyOfAnotherPairIsRefused) {
    ASSERT_TRUE(Load().ok());
    ScratchFolder::Write(public_, PublicKey().ToText() + "\n");
    EXPECT_THAT(Load().error().caller_text.en, HasSubstr("does not belong to"));
}

class ProofFiles : public ::testing::Test {
  protected:
    ProofFiles() {
        LeafHasher hasher;
        for (const std::string& record : records_) leaves_.push_back(hasher(record));
        const Checkpoint checkpoint{std::string(kOrigin), leaves_.size(), RootOf(leaves_)};
        proof_.index = 2;
        proof_.extra = {records_[2].begin(), records_[2].end()};
        proof_.hashes = InclusionProof(2, leaves_.size(), [this](unsigned level, std::uint64_t index) -> Result<Hash> {
                            return RootOf(std::span(leaves_).subspan(index << level, std::size_t{1} << level));
                        }).value();
        proof_.checkpoint = SignCheckpoint(checkpoint, SigningKey()).ToText();
    }

    const std::vector<std::string> records_ = {"one", "two", "three", "four", "five"};
    std::vector<Hash> leaves_;
    ProofFile proof_;
};

TEST_F(ProofFiles, ProveOneRecordWithTheKeyAlone) {
    const ProofFile back = ProofFile::Parse(proof_.ToText()).value();
    EXPECT_EQ(back.ToText(), proof_.ToText());
    EXPECT_EQ(std::string(back.extra.begin(), back.extra.end()), "three");
    EXPECT_EQ(VerifyProof(back, "three", PublicKey()).value().size, 5U);
    EXPECT_THAT(VerifyProof(back, "Three", PublicKey()).error().caller_text.en, HasSubstr("not leaf 2"));
}

TEST_F(ProofFiles, AreRefusedForEveryFlippedBitOutsideTheExtraData) {
    proof_.extra.clear();
    const std::string whole = proof_.ToText();
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string altered = whole;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        const auto proof = ProofFile::Parse(altered);
        EXPECT_FALSE(proof.ok() && VerifyProof(*proof, "three", PublicKey()).ok()) << "bit " << bit << " of\n" << altered;
    }
}

TEST_F(ProofFiles, AreRefusedWhenCutAnywhere) {
    const std::string whole = proof_.ToText();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto proof = ProofFile::Parse(std::string_view(whole).substr(0, length));
        EXPECT_FALSE(proof.ok() && VerifyProof(*proof, "three", PublicKey()).ok()) << length;
    }
}

}  // namespace
}  // namespace opsteward::vault
