// What the program answers, and by which exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <cstdlib>

#include "verifier/command_line.hpp"
#include "verifier/testing/test_vault.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TestVault;

class CommandLine : public ::testing::Test {
  protected:
    CommandLine() {
        ::setenv("LC_ALL", "C", 1);
        vault_.Append(300);
        vault_.WriteSegments();
        vault_.Append(5);
        vault_.Seal();
        vault_.Stop();
        vault_.Remove("log/00000000000000000000.wal");  // its records are in a segment
    }
    ~CommandLine() override { ::unsetenv("LC_ALL"); }

    ExitCode Run(const std::vector<std::string>& arguments) {
        const std::vector<std::string_view> views(arguments.begin(), arguments.end());
        ::testing::internal::CaptureStdout();
        ::testing::internal::CaptureStderr();
        const ExitCode code = RunCommandLine(views);
        out_ = ::testing::internal::GetCapturedStdout();
        error_ = ::testing::internal::GetCapturedStderr();
        return code;
    }
    std::string Place(std::string_view name, std::string_view bytes) {
        vault::ScratchFolder::Write(vault_.folder().parent_path() / name, bytes);
        return vault_.folder().parent_path() / name;
    }

    TestVault vault_;
    const std::string folder_ = vault_.folder();
    const std::string key_ = vault_.key_file();
    std::string out_;
    std::string error_;
};

TEST_F(CommandLine, SaysThatAVaultIsIntact) {
    EXPECT_EQ(Run({"vault", folder_, "--key", key_}), kIntact);
    EXPECT_THAT(out_, StartsWith(folder_ + ": intact.\n"));
    EXPECT_THAT(out_, HasSubstr("305: 305 sealed, 0 not sealed, 0 unreadable"));
    EXPECT_EQ(error_, "");
    EXPECT_EQ(Run({"--key=" + key_, "vault", folder_ + "/"}), kIntact);
}

TEST_F(CommandLine, TakesTheKeyAsALineToo) {
    const std::string line = vault::ReadFile(key_).value();
    EXPECT_EQ(Run({"vault", folder_, "--key", line.substr(0, line.size() - 1)}), kIntact);
}

TEST_F(CommandLine, SpeaksTheLanguageOfTheEnvironment) {
    ::setenv("LC_ALL", "zh_TW.UTF-8", 1);
    EXPECT_EQ(Run({"vault", folder_, "--key", key_}), kIntact);
    EXPECT_THAT(out_, HasSubstr("完整，未經更改"));
    EXPECT_EQ(Run({"--help"}), kIntact);
    EXPECT_THAT(out_, StartsWith("用法"));
}

TEST_F(CommandLine, AnswersInOneLineOfJson) {
    const std::string kept = Place("kept", vault_.Read("checkpoint"));
    EXPECT_EQ(Run({"vault", folder_, "--key", key_, "--checkpoint", kept, "--json"}), kIntact);
    EXPECT_EQ(std::ranges::count(out_, '\n'), 1);
    const auto json = boost::json::parse(out_);
    EXPECT_TRUE(json.at("intact").as_bool());
    EXPECT_EQ(json.at("records").as_int64(), 305);
    EXPECT_EQ(json.at("segments").as_int64(), 1);
    EXPECT_EQ(json.at("checkpoints").as_array().size(), 2U);
    EXPECT_EQ(json.at("checkpoints").as_array()[1].at("file").as_string(), kept);
    EXPECT_TRUE(json.at("failures").as_array().empty());
}

TEST_F(CommandLine, NamesWhatFails) {
    vault_.Flip(vault_.Segments().front(), 60);
    EXPECT_EQ(Run({"vault", folder_, "--key", key_, "--json"}), kFails);
    const auto json = boost::json::parse(out_);
    EXPECT_FALSE(json.at("intact").as_bool());
    EXPECT_TRUE(json.at("root").is_null());
    const auto& failure = json.at("failures").as_array().front();
    EXPECT_EQ(failure.at("code").as_string(), "block-malformed");
    EXPECT_EQ(failure.at("file").as_string(), vault_.Segments().front());
    EXPECT_EQ(failure.at("block").as_int64(), 0);
    EXPECT_EQ(failure.at("record").as_int64(), 0);
    EXPECT_EQ(failure.at("last_record").as_int64(), 299);
    EXPECT_FALSE(failure.at("message").at("zh").as_string().empty());
    EXPECT_EQ(Run({"vault", folder_, "--key", key_}), kFails);
    EXPECT_THAT(out_, HasSubstr("NOT intact"));
    EXPECT_THAT(out_, HasSubstr("[block-malformed] segments/00000000000000000000.seg, byte 8, block 0, records 0 to 299"));
}

TEST_F(CommandLine, SaysWhyItCanNotCheck) {
    const struct {
        std::vector<std::string> arguments;
        std::string_view why;
    } kTable[] = {
        {{}, "Say vault or proof"},
        {{"seal"}, "Say vault or proof"},
        {{"vault"}, "followed by one path"},
        {{"vault", "a", "b", "--key", key_}, "followed by one path"},
        {{"vault", folder_}, "--key is missing"},
        {{"vault", folder_, "--key"}, "lacks its value"},
        {{"vault", folder_, "--key", key_, "--force"}, "no option --force"},
        {{"vault", folder_, "--key", key_, "--json=yes"}, "no option --json=yes"},
        {{"vault", folder_ + "/none", "--key", key_}, "There is no vault"},
        {{"vault", folder_, "--key", "/none"}, "can't be read"},
        {{"vault", folder_, "--key", folder_}, "can't be read"},
        {{"vault", folder_, "--key", "a+b"}, "public key is of no use"},
        {{"vault", folder_, "--key", key_, "--checkpoint", "/none"}, "can't be read"},
        {{"proof", "/none", "--key", key_}, "can't be read"},
        {{"proof", "/none", "--key", key_, "--checkpoint", key_}, "proof has no option"},
    };
    for (const auto& [arguments, why] : kTable) {
        EXPECT_EQ(Run(arguments), kNotChecked);
        EXPECT_THAT(error_, HasSubstr(why));
        EXPECT_EQ(out_, "");
    }
    EXPECT_EQ(Run({"vault", "\x1b[2J", "--key", key_, "--json"}), kNotChecked);
    EXPECT_FALSE(boost::json::parse(error_).at("error").at("message").at("zh").as_string().empty());
}

TEST_F(CommandLine, AKeyFileWithAnyFlippedBitIsOfNoUse) {
    const std::string line = vault::ReadFile(key_).value();
    for (std::size_t bit = 0; bit < line.size() * 8; ++bit) {
        std::string altered = line;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_EQ(Run({"vault", folder_, "--key", Place("key", altered)}), kNotChecked) << bit;
    }
}

TEST_F(CommandLine, ShowsTheRecordThatAProofProves) {
    const auto reader = vault::VaultReader::Open(vault_.folder()).value();
    const std::string proof = Place("proof", reader.Prove(301).value().ToText());
    EXPECT_EQ(Run({"proof", proof, "--key", key_}), kIntact);
    EXPECT_THAT(out_, HasSubstr("301 of the 305"));
    EXPECT_THAT(out_, HasSubstr("2026-11-24T12:00:00.000Z, 115.11.24 20:00:00"));
    EXPECT_THAT(out_, HasSubstr("event 301"));
    EXPECT_EQ(Run({"proof", proof, "--key", key_, "--json"}), kIntact);
    const auto json = boost::json::parse(out_);
    EXPECT_EQ(json.at("index").as_int64(), 301);
    EXPECT_EQ(json.at("event").at("source").as_string(), "db");
    EXPECT_EQ(json.at("event").at("time_taipei").at("zh").as_string(), "民國115年11月24日 20:00:00");

    const std::string other = Place("other", std::string(reader.Prove(301).value().ToText()).replace(40, 1, "x"));
    EXPECT_EQ(Run({"proof", other, "--key", key_}), kFails);
    EXPECT_THAT(out_, HasSubstr("does not hold"));
    EXPECT_EQ(Run({"proof", other, "--key", key_, "--json"}), kFails);
    EXPECT_FALSE(boost::json::parse(out_).at("intact").as_bool());
}

TEST_F(CommandLine, EscapesWhatARecordWouldDoToATerminal) {
    const vault::RecordView record{{}, vault::Transport::kUdp, "fw", "os", "", "\x1b[2J\nroot: all is well"};
    ASSERT_TRUE(vault_.Writer().Append({&record, 1}).ok());
    vault_.Seal();
    vault_.Stop();
    const auto reader = vault::VaultReader::Open(vault_.folder()).value();
    EXPECT_EQ(Run({"proof", Place("proof", reader.Prove(305).value().ToText()), "--key", key_}), kIntact);
    EXPECT_THAT(out_, HasSubstr("\\x1b[2J\\nroot: all is well"));
    EXPECT_EQ(out_.find('\x1b'), std::string::npos);
}

TEST_F(CommandLine, TellsItsVersionAndItsUse) {
    EXPECT_EQ(Run({"--version"}), kIntact);
    EXPECT_THAT(out_, ::testing::MatchesRegex("opsteward-verify [0-9]+\\.[0-9]+\\.[0-9]+\n"));
    EXPECT_EQ(Run({"vault", "--help"}), kIntact);
    EXPECT_THAT(out_, HasSubstr("--checkpoint"));
}

}  // namespace
}  // namespace opsteward::verifier
