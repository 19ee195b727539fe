// Base 64, Ed25519 and streamed SHA-256 against the answers of their standards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/sha256_stream.hpp"

namespace opsteward::crypto {
namespace {

std::span<const std::uint8_t> Bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
std::string Text(const std::vector<std::uint8_t>& bytes) { return std::string(bytes.begin(), bytes.end()); }

template <std::size_t N>
std::array<std::uint8_t, N> Hex(std::string_view hex) {
    const auto bytes = FromHex(hex).value();
    std::array<std::uint8_t, N> all{};
    std::ranges::copy(bytes, all.begin());
    return all;
}

TEST(Base64, GivesTheAnswersOfRfc4648BothWays) {
    const std::pair<std::string_view, std::string_view> kTable[] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+"}};
    for (const auto& [plain, encoded] : kTable) {
        EXPECT_EQ(Base64Encode(Bytes(plain)), encoded);
        const auto decoded = Base64Decode(encoded);
        ASSERT_TRUE(decoded) << encoded;
        EXPECT_EQ(Text(*decoded), plain);
    }
}

TEST(Base64, HasOneWayToWriteEachSequenceOfBytes) {
    for (const std::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", " Zg=", "Zg==Zg==", "Zm-_", "Z\xc3\xa9=="}) {
        EXPECT_FALSE(Base64Decode(text)) << text;
    }
}

TEST(Ed25519, GivesTheAnswersOfRfc8032) {
    const struct {
        std::string_view seed, public_key, message, signature;
    } kTable[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
         "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"}};
    for (const auto& row : kTable) {
        const auto key = Ed25519SigningKey::FromSeed(Hex<32>(row.seed));
        const std::string message = Text(FromHex(row.message).value());
        EXPECT_EQ(ToHex(key.public_key()), row.public_key);
        EXPECT_EQ(ToHex(key.Sign(message)), row.signature);
        EXPECT_TRUE(VerifyEd25519(key.public_key(), message, FromHex(row.signature).value()));
    }
}

TEST(Ed25519, RefusesEveryFlippedBitOfASignatureAndOfItsMessage) {
    const auto key = Ed25519SigningKey::Generate();
    const std::string message = "example.org/log\n1\nabc\n";
    const Ed25519Signature signature = key.Sign(message);
    ASSERT_TRUE(VerifyEd25519(key.public_key(), message, signature));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        Ed25519Signature other = signature;
        other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << (bit % 8)));
        EXPECT_FALSE(VerifyEd25519(key.public_key(), message, other)) << bit;
    }
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
        std::string other = message;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(VerifyEd25519(key.public_key(), other, signature)) << bit;
    }
    EXPECT_FALSE(VerifyEd25519(key.public_key(), message, std::span(signature).first(63)));
    EXPECT_FALSE(VerifyEd25519(Ed25519SigningKey::Generate().public_key(), message, signature));
}

TEST(Ed25519, AKeyMadeAgainFromItsSeedIsTheSameKey) {
    const auto key = Ed25519SigningKey::Generate();
    EXPECT_EQ(Ed25519SigningKey::FromSeed(key.seed()).public_key(), key.public_key());
    EXPECT_NE(Ed25519SigningKey::Generate().public_key(), key.public_key());
}

TEST(Sha256Stream, GivesWhatOneCallGivesHoweverTheMessageIsCut) {
    const std::string message(300, 'x');
    Sha256Stream stream;
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{64}, std::size_t{299}, std::size_t{300}}) {
        stream.Begin();
        stream.Add(std::string_view(message).substr(0, cut));
        stream.Add(std::string_view(message).substr(cut));
        EXPECT_EQ(stream.Finish(), Sha256(message)) << cut;
    }
}

TEST(Sha256Stream, ForgetsWhatWasNotFinished) {
    Sha256Stream stream;
    stream.Add("left over");
    stream.Begin();
    stream.Add("abc");
    EXPECT_EQ(stream.Finish(), Sha256("abc"));
}

}  // namespace
}  // namespace opsteward::crypto
