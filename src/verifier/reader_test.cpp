// The small readers, each against the vectors of the document that defines it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "verifier/base64.hpp"
#include "verifier/bytes.hpp"
#include "verifier/checkpoint.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/fault.hpp"
#include "verifier/json.hpp"
#include "verifier/moment.hpp"
#include "verifier/note.hpp"
#include "verifier/record.hpp"
#include "verifier/sha256.hpp"
#include "verifier/text.hpp"
#include "verifier/utf8.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::HasSubstr;

/// As given in the documentation of golang.org/x/mod/sumdb/note, the first implementation of the format.
constexpr std::string_view kKnownKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kKnownNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xE2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// Why it is malformed, in English; empty when it is not.
template <class Read>
std::string Fault(Read read) {
    try {
        read();
    } catch (const Malformed& fault) {
        return fault.why.en;
    }
    return {};
}

TEST(Base64, IsThatOfRfc4648AndHasOneForm) {
    const std::pair<std::string_view, std::string_view> kTable[] = {{"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},        {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : kTable) {
        EXPECT_EQ(ToBase64(bytes), text);
        EXPECT_EQ(FromBase64(text), bytes);
    }
    for (const std::string_view text : {"Zh==", "Zm9=", "Zg=", "Zg", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm9v\n", "Zm-_", "=", "Zg==="}) {
        EXPECT_FALSE(FromBase64(text)) << text;
    }
}

TEST(Crc32c, IsThatOfRfc3720) {
    std::string rising;
    for (char c = 0; c < 32; ++c) rising += c;
    EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAU);
    EXPECT_EQ(Crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
    EXPECT_EQ(Crc32c(rising), 0x46DD794EU);
    EXPECT_EQ(Crc32c(std::string(rising.rbegin(), rising.rend())), 0x113FDB5CU);
    EXPECT_EQ(Crc32c("123456789"), 0xE3069283U);
    for (std::size_t cut = 0; cut <= rising.size(); ++cut) {
        EXPECT_EQ(Crc32c(std::string_view(rising).substr(cut), Crc32c(std::string_view(rising).substr(0, cut))), 0x46DD794EU);
    }
}

TEST(Varint, HasOneFormAndEndsInItsBytes) {
    const struct {
        std::string_view bytes;
        std::optional<std::uint64_t> number;
    } kTable[] = {
        {std::string_view("\0", 1), 0},
        {"\x7F", 127},
        {"\x80\x01", 128},
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", UINT64_MAX},
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", std::nullopt},
        {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", std::nullopt},
        {std::string_view("\x80\0", 2), std::nullopt},
        {"\x80", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& [bytes, number] : kTable) {
        Cursor cursor(bytes);
        EXPECT_EQ(cursor.Varint(), number);
        EXPECT_TRUE(!number || cursor.rest().empty());
    }
}

TEST(Sha256, HashesLeavesAndNodesAsRfc6962) {
    Sha256 sha256;
    const auto text = [](const Hash& hash) { return ToBase64(AsBytes(hash)); };
    EXPECT_EQ(text(sha256({})), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    const Hash leaf = sha256.Leaf("");
    EXPECT_EQ(text(leaf), "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=");
    EXPECT_EQ(text(sha256.Node(leaf, sha256.Leaf(std::string_view("\0", 1)))), "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=");
}

TEST(Note, ReadsWhatAnotherImplementationSigned) {
    const PublicKey key = PublicKey::Parse(kKnownKey);
    EXPECT_EQ(key.name, "PeterNeumann");
    EXPECT_NO_THROW(RequireSignature(Note::Parse(kKnownNote), key));
}

TEST(Note, IsRefusedForEveryFlippedBit) {
    const PublicKey key = PublicKey::Parse(kKnownKey);
    for (std::size_t bit = 0; bit < kKnownNote.size() * 8; ++bit) {
        std::string altered(kKnownNote);
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_THROW(RequireSignature(Note::Parse(altered), key), Malformed) << bit;
    }
}

TEST(Note, WithASecondSignatureOfTheKeyThatDoesNotFitIsRefused) {
    const PublicKey key = PublicKey::Parse(kKnownKey);
    const std::string text(kKnownNote.substr(0, kKnownNote.rfind("\n\n") + 2));
    const std::string line(kKnownNote.substr(text.size()));
    std::string wrong = line;
    wrong[wrong.size() - 10] = wrong[wrong.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_NO_THROW(RequireSignature(Note::Parse(text + line + "\xE2\x80\x94 other eHNBTwa7PcEnd+ovLA==\n"), key));
    EXPECT_THAT(Fault([&] { RequireSignature(Note::Parse(text + line + wrong), key); }), HasSubstr("does not fit"));
}

TEST(Note, SaysWhatIsWrongWithIt) {
    const std::string signature = "\xE2\x80\x94 a eHNBTwa7PcEnd+ovLA==\n";
    const std::pair<std::string, std::string_view> kTable[] = {
        {"", "empty line"},
        {"text\n\n", "no signature"},
        {"text\n" + signature, "empty line"},
        {"text\n\n" + signature.substr(0, signature.size() - 1), "empty line"},
        {"te\rxt\n\n" + signature, "control"},
        {"te\xFFxt\n\n" + signature, "UTF-8"},
        {"text\n\n- a eHNBTwa7PcEnd+ovLA==\n", "em dash"},
        {"text\n\n\xE2\x80\x94 a\n", "base 64"},
        {"text\n\n\xE2\x80\x94 a eHNBTw==\n", "base 64"},
        {"text\n\n\xE2\x80\x94 a+b eHNBTwa7PcEnd+ovLA==\n", "base 64"},
        {std::string(1 << 20, 'x') + "\n\n" + signature, "1 MiB"},
    };
    for (const auto& [bytes, why] : kTable) EXPECT_THAT(Fault([&] { Note::Parse(bytes); }), HasSubstr(why)) << bytes.substr(0, 60);
    std::string many = "text\n\n";
    for (int i = 0; i < 64; ++i) many += signature;
    EXPECT_EQ(Fault([&] { Note::Parse(many); }), "");
    EXPECT_THAT(Fault([&] { Note::Parse(many + signature); }), HasSubstr("too many"));
}

TEST(PublicKey, IsOneLineAndRefusedForEveryFlippedBit) {
    const std::string line = std::string(kKnownKey) + "\n";
    EXPECT_NO_THROW(PublicKey::Parse(kKnownKey));
    EXPECT_NO_THROW(PublicKey::Parse(line));
    EXPECT_NO_THROW(PublicKey::Parse(std::string(kKnownKey) + "\r\n"));
    for (std::size_t bit = 0; bit < line.size() * 8; ++bit) {
        std::string altered = line;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_THROW(PublicKey::Parse(altered), Malformed) << altered;
    }
    for (const std::string_view other : {"", "a", "a+b", "\n", "PRIVATE+KEY+x+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"}) {
        EXPECT_THROW(PublicKey::Parse(other), Malformed) << other;
    }
    EXPECT_THROW(PublicKey::Parse(line + line), Malformed);
}

TEST(Decimal, HasNoLeadingZerosAndFitsIn64Bits) {
    EXPECT_EQ(ParseDecimal("0"), 0U);
    EXPECT_EQ(ParseDecimal("18446744073709551615"), UINT64_MAX);
    for (const std::string_view text : {"", "00", "01", "-1", "+1", " 1", "1 ", "18446744073709551616", "0x1"}) EXPECT_FALSE(ParseDecimal(text)) << text;
}

TEST(Record, IsRefusedWhenItsLengthsDoNotFit) {
    std::string record("\x01\x02\0\0\0\0\0\0\0\0\x02\x02\x01\x04\0\0\0fwos1deny", 26);
    const Record read = ParseRecord(record);
    EXPECT_EQ(read.source, "fw");
    EXPECT_EQ(read.kind, "os");
    EXPECT_EQ(read.peer, "1");
    EXPECT_EQ(read.message, "deny");
    for (const std::size_t at : {0U, 10U, 11U, 12U, 13U, 14U, 16U}) {
        std::string altered = record;
        altered[at] = static_cast<char>(altered[at] + 1);
        EXPECT_THROW(ParseRecord(altered), Malformed) << at;
    }
    record[1] = 7;
    EXPECT_THAT(Fault([&] { ParseRecord(record); }), HasSubstr("transport"));
    for (std::size_t length = 0; length < record.size(); ++length) EXPECT_THROW(ParseRecord(record.substr(0, length)), Malformed);
}

TEST(Printable, LeavesNothingThatMovesTheCursorOrTurnsTheWriting) {
    const std::pair<std::string_view, std::string_view> kTable[] = {
        {"登入失敗 user=王", "登入失敗 user=王"},
        {"a\x1b[2Jb", "a\\x1b[2Jb"},
        {"one\ntwo\r\n\t", "one\\ntwo\\r\\n\\t"},
        {std::string_view("\0", 1), "\\x00"},
        {"\xB5\x6E", "\\xb5n"},
        {"C:\\x", "C:\\\\x"},
        {"\xE2\x80\xAEgnp.exe", "\\u{202e}gnp.exe"},
        {"\xC2\x9B", "\\u{9b}"},
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
        {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"\xC0\x80", "\\xc0\\x80"},
        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
    };
    for (const auto& [bytes, text] : kTable) EXPECT_EQ(Printable(bytes), text);
}

TEST(Moment, IsGivenInUtcAndByTheMinguoCalendarOfTaipei) {
    const struct {
        std::int64_t moment;
        std::string_view utc, zh, en;
    } kTable[] = {
        {1'795'521'600'000, "2026-11-24T12:00:00.000Z", "民國115年11月24日 20:00:00", "115.11.24 20:00:00"},
        {1'798'732'799'999, "2026-12-31T15:59:59.999Z", "民國115年12月31日 23:59:59", "115.12.31 23:59:59"},
        {1'798'732'800'000, "2026-12-31T16:00:00.000Z", "民國116年1月1日 00:00:00", "116.1.1 00:00:00"},
        {-1, "1969-12-31T23:59:59.999Z", "民國59年1月1日 07:59:59", "59.1.1 07:59:59"},
        {-1'830'384'000'000, "1912-01-01T00:00:00.000Z", "民國1年1月1日 08:00:00", "1.1.1 08:00:00"},
        {-1'830'470'400'000, "1911-12-31T00:00:00.000Z", "民國前1年12月31日 08:00:00", "1 before Minguo, 12.31 08:00:00"},
        {INT64_MAX, "9223372036854775807 ms", "9223372036854775807 ms", "9223372036854775807 ms"},
        {INT64_MIN, "-9223372036854775808 ms", "-9223372036854775808 ms", "-9223372036854775808 ms"},
    };
    for (const auto& [moment, utc, zh, en] : kTable) {
        EXPECT_EQ(InUtc(moment), utc);
        EXPECT_EQ(InTaipei(moment).zh, zh);
        EXPECT_EQ(InTaipei(moment).en, en);
    }
}

TEST(Text, PutsPartsIntoTheirPlaces) {
    const Text text = Say("{1}之{0}", "{0} of {1}, {2}, {", {7, "x"});
    EXPECT_EQ(text.zh, "x之7");
    EXPECT_EQ(text.en, "7 of x, {2}, {");
    EXPECT_EQ(Say("{0}", "{0}", {"{0}"}).en, "{0}");
}

TEST(Json, CanBeReadByAnother) {
    const std::string text = "\"\\\x01\n王";
    const auto read = boost::json::parse(JsonObject().String("a", text).Number("b", 7).Bool("c", true).Raw("d", JsonArray(std::vector<int>{1, 2}, [](int i) {
                                                         return std::to_string(i);
                                                     })).Finish());
    EXPECT_EQ(read.at("a").as_string(), text);
    EXPECT_EQ(read.at("b").as_int64(), 7);
    EXPECT_EQ(read.at("d").as_array().size(), 2U);
}

}  // namespace
}  // namespace opsteward::verifier
