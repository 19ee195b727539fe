// Known answers from the standards, and what is refused.
#include "crypto/crypto.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace opsteward::crypto {
namespace {

using ::testing::MatchesRegex;
using ::testing::StartsWith;

std::span<const std::uint8_t> Bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
std::string Text(const std::vector<std::uint8_t>& bytes) { return std::string(bytes.begin(), bytes.end()); }

Instant At(std::int64_t seconds) { return FromMillis(seconds * 1000); }

TEST(Sha256, GivesTheAnswersOfFips180) {
    EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(HmacSha256, GivesTheAnswersOfRfc4231) {
    const struct {
        std::string key;
        std::string message;
        std::string_view tag;
    } kTable[] = {
        {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(20, '\xaa'), std::string(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {std::string(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being "
         "used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (const auto& row : kTable) EXPECT_EQ(ToHex(HmacSha256(row.key, row.message)), row.tag) << row.message;
}

TEST(Hex, IsLowerCaseAndReadInEitherCase) {
    EXPECT_EQ(ToHex(Bytes(std::string_view("\x00\x0f\xa0\xff", 4))), "000fa0ff");
    EXPECT_EQ(FromHex("000fA0fF"), (std::vector<std::uint8_t>{0x00, 0x0F, 0xA0, 0xFF}));
    EXPECT_EQ(FromHex(""), std::vector<std::uint8_t>());
    for (const std::string_view text : {"0", "0g", "g0", " 0", "0x00", "００"}) EXPECT_EQ(FromHex(text), std::nullopt) << text;
}

TEST(Base32, GivesTheAnswersOfRfc4648WithoutPadding) {
    const struct {
        std::string_view bytes;
        std::string_view text;
        std::string_view padded;
    } kTable[] = {{"", "", ""},
                  {"f", "MY", "MY======"},
                  {"fo", "MZXQ", "MZXQ===="},
                  {"foo", "MZXW6", "MZXW6==="},
                  {"foob", "MZXW6YQ", "MZXW6YQ="},
                  {"fooba", "MZXW6YTB", "MZXW6YTB"},
                  {"foobar", "MZXW6YTBOI", "MZXW6YTBOI======"}};
    for (const auto& row : kTable) {
        EXPECT_EQ(Base32Encode(Bytes(row.bytes)), row.text);
        for (const auto text : {row.text, row.padded}) {
            const auto decoded = Base32Decode(text);
            ASSERT_TRUE(decoded.has_value()) << text;
            EXPECT_EQ(Text(*decoded), row.bytes);
        }
    }
    EXPECT_EQ(Base32Decode("mzxw6ytboi"), Base32Decode("MZXW6YTBOI"));
}

TEST(Base32, RefusesWhatNoEncoderWrites) {
    for (const std::string_view text : {"M", "MZX", "MZXW6Y", "MZ", "MY0", "MY1", "M=Y", "MY MY", "MÜ"}) {
        EXPECT_EQ(Base32Decode(text), std::nullopt) << text;
    }
}

TEST(Base64Url, GivesTheAnswersOfRfc4648InItsUrlAlphabetWithoutPadding) {
    const struct {
        std::string_view bytes;
        std::string_view text;
    } kTable[] = {{"", ""},           {"f", "Zg"},           {"fo", "Zm8"},         {"foo", "Zm9v"},
                  {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xBF", "-_-_"}};
    for (const auto& row : kTable) EXPECT_EQ(Base64UrlEncode(Bytes(row.bytes)), row.text);
}

TEST(Random, TokensFitInAUrlAndNeverRepeat) {
    std::set<std::string> tokens;
    for (int i = 0; i < 1000; ++i) tokens.insert(RandomToken());
    EXPECT_EQ(tokens.size(), 1000U);
    EXPECT_THAT(*tokens.begin(), MatchesRegex("[A-Za-z0-9_-]{43}"));
    EXPECT_EQ(RandomToken(8).size(), 11U);
    EXPECT_EQ(RandomBytes(0).size(), 0U);
}

TEST(ConstantTimeEqual, IsTrueForEqualBytesOnly) {
    EXPECT_TRUE(ConstantTimeEqual("", ""));
    EXPECT_TRUE(ConstantTimeEqual(std::string_view("a\0b", 3), std::string_view("a\0b", 3)));
    EXPECT_FALSE(ConstantTimeEqual(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
    EXPECT_FALSE(ConstantTimeEqual("abc", "abcd"));
    EXPECT_FALSE(ConstantTimeEqual("abc", "xbc"));
    EXPECT_FALSE(ConstantTimeEqual("abc", ""));
}

constexpr PasswordCost kCheap{8, 1, 1};

TEST(Password, IsVerifiedAndNoOtherIs) {
    const std::string encoded = HashPassword("正確馬電池", kCheap);
    EXPECT_THAT(encoded, StartsWith("$argon2id$v=19$m=8,t=1,p=1$"));
    EXPECT_TRUE(VerifyPassword("正確馬電池", encoded));
    for (const std::string_view other : {"", "正確馬電", "正確馬電池 ", "Correct"}) EXPECT_FALSE(VerifyPassword(other, encoded));
    EXPECT_NE(HashPassword("正確馬電池", kCheap), encoded) << "the salt is another one every time";
}

TEST(Password, CountsToItsLastByte) {
    const std::string with_nul("a\0b", 3);
    const std::string encoded = HashPassword(with_nul, kCheap);
    EXPECT_TRUE(VerifyPassword(with_nul, encoded));
    EXPECT_FALSE(VerifyPassword("a", encoded));
    EXPECT_TRUE(VerifyPassword("", HashPassword("", kCheap)));
}

TEST(Password, OfTheReferenceImplementationIsVerified) {
    // From test.c of the Argon2 reference implementation, version 0x13, Argon2id.
    EXPECT_TRUE(VerifyPassword("password",
                               "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"));
    EXPECT_FALSE(VerifyPassword("Password",
                                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"));
}

TEST(Password, IsRefusedForWhatIsNoHash) {
    for (const std::string_view encoded : {"", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$$", "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA",
                                           "$2y$10$abcdefghijklmnopqrstuu"}) {
        EXPECT_FALSE(VerifyPassword("", std::string(encoded))) << encoded;
    }
}

TEST(Password, CostsWhatOwaspAdvisesByDefault) {
    EXPECT_THAT(HashPassword("x"), StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(Totp, GivesTheAnswersOfRfc6238) {
    // Appendix B has eight digits; authenticator apps show the last six.
    const auto secret = Bytes("12345678901234567890");
    const struct {
        std::int64_t seconds;
        std::string_view code;
    } kTable[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"},
                  {20000000000, "353130"}};
    for (const auto& row : kTable) {
        EXPECT_EQ(TotpCode(secret, TotpStep(At(row.seconds))), row.code) << row.seconds;
        EXPECT_EQ(MatchTotp(secret, row.code, At(row.seconds), 0), TotpStep(At(row.seconds)));
    }
}

TEST(Totp, GivesTheAnswersOfRfc4226) {
    const auto secret = Bytes("12345678901234567890");
    const std::string_view kCodes[] = {"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t step = 0; step < 10; ++step) EXPECT_EQ(TotpCode(secret, step), kCodes[step]);
}

TEST(Totp, TakesTheStepBeforeAndAfterAndNoOther) {
    const auto secret = Bytes("12345678901234567890");
    const Instant now = At(1'754'373'780);
    const std::uint64_t step = TotpStep(now);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step - 2), now, 0), std::nullopt);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step - 1), now, 0), step - 1);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step), now, 0), step);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step + 1), now, 0), step + 1);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step + 2), now, 0), std::nullopt);
}

TEST(Totp, TakesNoCodeOfAStepThatWasUsedOrPassed) {
    const auto secret = Bytes("12345678901234567890");
    const Instant now = At(1'754'373'780);
    const std::uint64_t step = TotpStep(now);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step), now, step), std::nullopt);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step - 1), now, step), std::nullopt);
    EXPECT_EQ(MatchTotp(secret, TotpCode(secret, step + 1), now, step), step + 1);
}

TEST(Totp, TakesNothingButSixDigits) {
    const auto secret = Bytes("12345678901234567890");
    for (const std::string_view code : {"", "28708", "2870822", " 287082", "287082 ", "94287082", "abcdef"}) {
        EXPECT_EQ(MatchTotp(secret, code, At(59), 0), std::nullopt) << code;
    }
}

TEST(TotpUri, NamesIssuerAccountAndSecret) {
    EXPECT_EQ(TotpUri("Opsteward", "王 小明", Bytes("foobar")),
              "otpauth://totp/Opsteward:%E7%8E%8B%20%E5%B0%8F%E6%98%8E?secret=MZXW6YTBOI&issuer=Opsteward");
}

}  // namespace
}  // namespace opsteward::crypto
