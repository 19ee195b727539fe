#include "features/vulnerabilities/feed/bundle.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "base/civil_time.hpp"
#include "crypto/crypto.hpp"
#include "features/vulnerabilities/feed/bundle_manifest.hpp"
#include "features/vulnerabilities/feed/tar_header.hpp"
#include "features/vulnerabilities/feed/testing/packing.hpp"
#include "features/vulnerabilities/feed/testing/scratch_folder.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Instant kNow = ParseRfc3339("2026-11-27T05:00:00Z").value();

std::string BytesOf(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

class Bundles : public testing::ScratchFolder {
  protected:
    Result<Bundle> Make(const std::vector<FeedInput>& inputs) {
        return MakeBundle(folder_ / "feeds.tar", inputs, kNow, [](std::uint64_t) { return true; }, &ignored_);
    }
    std::vector<FeedInput> Some() const {
        return {{FeedRole::kKev, Write("kev.json", std::string(1000, 'k'))},
                {FeedRole::kNvd, Write("nvd/2024.json.xz", testing::Xz("2024")).parent_path()},
                {FeedRole::kNvd, Write("other/2024.json.xz", testing::Xz("again"))},
                {FeedRole::kOsv, Write("a/\xe6\xbc\x8f b.json", "")}};
    }
    std::string ErrorOf(const std::string& bytes) {
        const auto bundle = OpenBundle(Write("altered.tar", bytes));
        if (bundle.ok()) return "";
        EXPECT_EQ(bundle.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(bundle.error().caller_text.en, HasSubstr("altered.tar"));
        return bundle.error().caller_text.en;
    }

    std::vector<std::filesystem::path> ignored_;
};

/// A bundle of a wicked maker: whatever manifest and entries, with a right sum at its end.
std::string Forged(const std::string& manifest, const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string bytes;
    const auto add = [&](const std::string& name, const std::string& contents) {
        const auto head = TarHead({name, contents.size()}, kNow);
        bytes += std::string(head.data(), head.size()) + contents + std::string(TarPadding(contents.size()), '\0');
    };
    add("MANIFEST.json", manifest);
    for (const auto& [name, contents] : entries) add(name, contents);
    add("SHA256", SumText(crypto::Sha256Hex(bytes)));
    return bytes + std::string(1024, '\0');
}

std::string ManifestOf(const std::string& name, const std::string& contents, const std::string& role = "nvd") {
    return R"({"format":"opsteward-vulnerability-bundle","version":1,"created":"2026-11-27T05:00:00Z","entries":[{"role":")" + role + R"(","name":")" + name +
           R"(","size":)" + std::to_string(contents.size()) + R"(,"sha256":")" + crypto::Sha256Hex(contents) + "\"}]}";
}

TEST_F(Bundles, GiveBackWhatWasPutIn) {
    Write("nvd/notes.txt", "x");
    const auto made = Make(Some());
    ASSERT_TRUE(made.ok()) << made.error().operator_text;
    EXPECT_THAT(ignored_, ElementsAre(folder_ / "nvd/notes.txt"));
    const auto bundle = OpenBundle(folder_ / "feeds.tar");
    ASSERT_TRUE(bundle.ok()) << bundle.error().operator_text;
    EXPECT_EQ(bundle->created, kNow);
    EXPECT_EQ(bundle->bytes, std::filesystem::file_size(folder_ / "feeds.tar"));
    std::vector<std::string> names;
    for (const BundleEntry& entry : bundle->entries) names.push_back(entry.name);
    EXPECT_THAT(names, ElementsAre("nvd/2024.json.xz", "nvd/2-2024.json.xz", "kev/kev.json", "osv/____b.json"));
    const auto nvd = bundle->SourcesOf(FeedRole::kNvd);
    ASSERT_EQ(nvd.size(), 2U);
    EXPECT_EQ(ReadFeedFile(nvd[0]).value(), "2024");
    EXPECT_EQ(ReadFeedFile(nvd[1]).value(), "again");
    EXPECT_EQ(ReadFeedFile(bundle->SourcesOf(FeedRole::kKev).at(0)).value(), std::string(1000, 'k'));
    EXPECT_EQ(ReadFeedFile(bundle->SourcesOf(FeedRole::kOsv).at(0)).value(), "");
    EXPECT_TRUE(bundle->SourcesOf(FeedRole::kEpss).empty());
    for (std::size_t i = 0; i < bundle->entries.size(); ++i) EXPECT_EQ(bundle->entries[i].offset, made->entries[i].offset);
}

TEST_F(Bundles, AreMadeOfSoundFilesAlone) {
    std::string cut = testing::Gzip(std::string(10'000, 'x'));
    cut.pop_back();
    EXPECT_THAT(Make({{FeedRole::kNvd, Write("cut.json.gz", cut)}}).error().caller_text.en, HasSubstr("cut.json.gz cannot be read"));
    EXPECT_EQ(Make({{FeedRole::kNvd, folder_ / "missing"}}).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(Make({}).error().code, ErrorCode::kInvalidInput);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "feeds.tar"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "feeds.tar.new"));
}

TEST_F(Bundles, AreNotOverwritten) {
    ASSERT_TRUE(Make(Some()).ok());
    const std::string before = BytesOf(folder_ / "feeds.tar");
    EXPECT_EQ(Make(Some()).error().code, ErrorCode::kConflict);
    EXPECT_EQ(BytesOf(folder_ / "feeds.tar"), before);
}

TEST_F(Bundles, WhoseMakingIsInterruptedAreNotThere) {
    const auto made = MakeBundle(folder_ / "feeds.tar", Some(), kNow, [](std::uint64_t) { return false; });
    EXPECT_EQ(made.error().code, ErrorCode::kCancelled);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "feeds.tar"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "feeds.tar.new"));
}

TEST_F(Bundles, ThatWereAlteredAreRefusedWhicheverByteItIs) {
    ASSERT_TRUE(Make(Some()).ok());
    const std::string whole = BytesOf(folder_ / "feeds.tar");
    for (std::size_t at = 0; at < whole.size(); at += at % 512 < 160 ? 7 : 31) {
        std::string altered = whole;
        altered[at] ^= 0x01;
        EXPECT_NE(ErrorOf(altered), "") << at;
    }
}

TEST_F(Bundles, ThatAreCutOrLongerAreRefused) {
    ASSERT_TRUE(Make(Some()).ok());
    const std::string whole = BytesOf(folder_ / "feeds.tar");
    for (std::size_t part = 0; part < 100; ++part) EXPECT_NE(ErrorOf(whole.substr(0, whole.size() * part / 100)), "") << part;
    EXPECT_NE(ErrorOf(whole.substr(0, whole.size() - 1)), "");
    EXPECT_THAT(ErrorOf(whole + "x"), HasSubstr("something stands behind it"));
}

TEST_F(Bundles, SayWhichEntryIsDamaged) {
    ASSERT_TRUE(Make(Some()).ok());
    std::string bytes = BytesOf(folder_ / "feeds.tar");
    bytes[bytes.find(std::string(1000, 'k')) + 500] = 'x';
    EXPECT_THAT(ErrorOf(bytes), HasSubstr("entry \"kev/kev.json\": its SHA-256"));
}

TEST_F(Bundles, WithNamesThatLeadElsewhereAreRefused) {
    EXPECT_EQ(ErrorOf(Forged(ManifestOf("nvd/a.json", "x"), {{"nvd/a.json", "x"}})), "");
    for (const std::string name : {"../a.json", "nvd/../a.json", "/etc/passwd", "nvd/", "nvd", "kev/a.json", "nvd/.a", "nvd/a/b", "nvd/a b", "nvd\\\\a", "MANIFEST.json", ""}) {
        EXPECT_THAT(ErrorOf(Forged(ManifestOf(name, "x"), {{name.empty() ? "x" : name, "x"}})), HasSubstr("MANIFEST.json is not valid")) << name;
    }
    EXPECT_THAT(ErrorOf(Forged(ManifestOf("nvd/a.json", "x", "other"), {})), HasSubstr("not acceptable"));
}

TEST_F(Bundles, WithOtherEntriesThanTheManifestSaysAreRefused) {
    const std::string manifest = ManifestOf("nvd/a.json", "x");
    EXPECT_THAT(ErrorOf(Forged(manifest, {{"nvd/b.json", "x"}})), HasSubstr("in its place stands \"nvd/b.json\""));
    EXPECT_THAT(ErrorOf(Forged(manifest, {{"nvd/a.json", "xy"}})), HasSubstr("its size"));
    EXPECT_THAT(ErrorOf(Forged(manifest, {{"nvd/a.json", "y"}})), HasSubstr("its SHA-256"));
    EXPECT_THAT(ErrorOf(Forged(manifest, {})), HasSubstr("in its place stands \"SHA256\""));
    EXPECT_THAT(ErrorOf(Forged(manifest, {{"nvd/a.json", "x"}, {"nvd/b.json", "x"}})), HasSubstr("in its place stands \"nvd/b.json\""));
}

TEST_F(Bundles, OfOtherFormatsAreRefused) {
    for (const std::string manifest : {"", "{}", "[]", "{\"format\":\"x\"}", "{\"format\":5}"}) EXPECT_NE(ErrorOf(Forged(manifest, {})), "") << manifest;
    std::string newer = ManifestOf("nvd/a.json", "x");
    newer.replace(newer.find("\"version\":1"), 11, "\"version\":2");
    EXPECT_THAT(ErrorOf(Forged(newer, {{"nvd/a.json", "x"}})), HasSubstr("newer version of the program"));
    EXPECT_NE(ErrorOf("not a tar archive at all"), "");
    EXPECT_NE(ErrorOf(std::string(2048, '\0')), "");
    EXPECT_EQ(OpenBundle(folder_).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(OpenBundle(folder_ / "missing").error().code, ErrorCode::kNotFound);
}

TEST_F(Bundles, WithLinksAreRefused) {
    std::string bytes = Forged(ManifestOf("nvd/a.json", "x"), {{"nvd/a.json", "x"}});
    const std::size_t head = bytes.find("nvd/a.json", 1024);
    ASSERT_NE(head, std::string::npos);
    bytes[head + 156] = '2';
    bytes[head + 148 + 5] += 2;  // the checksum
    EXPECT_THAT(ErrorOf(bytes), HasSubstr("no regular file"));
}

TEST(TarHeads, AreThoseOfTheStandard) {
    const auto head = TarHead({"nvd/a.json", 1234567}, FromMillis(1'700'000'000'000));
    const std::string_view block(head.data(), head.size());
    EXPECT_EQ(block.substr(0, 11), std::string_view("nvd/a.json\0", 11));
    EXPECT_EQ(block.substr(124, 12), std::string_view("00004553207\0", 12));
    EXPECT_EQ(block.substr(136, 11), "14524770400");
    EXPECT_EQ(block.substr(257, 8), std::string_view("ustar\0" "00", 8));
    EXPECT_EQ(ReadTarHead(block)->size, 1234567U);
    EXPECT_EQ(ReadTarHead(block)->name, "nvd/a.json");
    EXPECT_FALSE(ReadTarHead(block.substr(1)).has_value());
    const auto largest = TarHead({std::string(kMaxTarName, 'n'), kMaxTarBytes}, kNow);
    EXPECT_EQ(ReadTarHead({largest.data(), largest.size()})->size, kMaxTarBytes);
    EXPECT_EQ(ReadTarHead({largest.data(), largest.size()})->name, std::string(kMaxTarName, 'n'));
}

TEST(BundleNames, AreAlwaysAcceptable) {
    for (const std::string& name : std::vector<std::string>{"a.json", ".hidden", "..", "漏洞.json", "a b/c", std::string(300, 'x')}) {
        EXPECT_TRUE(IsBundleEntryName(BundleEntryName(FeedRole::kCve5, name), FeedRole::kCve5)) << name;
        EXPECT_TRUE(IsBundleEntryName(NumberedEntryName(FeedRole::kCve5, name, 12345), FeedRole::kCve5)) << name;
    }
}

}  // namespace
}  // namespace opsteward::vuln
