#include "verifier/command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "verifier/fault.hpp"
#include "verifier/file.hpp"
#include "verifier/json.hpp"
#include "verifier/proof.hpp"
#include "verifier/proof_check.hpp"
#include "verifier/progress_line.hpp"
#include "verifier/utf8.hpp"
#include "verifier/vault_check.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::size_t kMaxKeyFile = 4096;
constexpr unsigned kMaxThreads = 16;

struct Request {
    std::string_view command;
    std::string_view subject;  ///< the vault's folder or the proof's file
    std::string_view key;
    std::vector<std::string_view> checkpoints;
    bool wants_json = false;
    bool wants_help = false;
    bool wants_version = false;
};

Text Usage() {
    return Say("用法：opsteward-verify vault 資料夾 --key 公鑰 [--checkpoint 檔案]… [--json]\n"
               "　　　opsteward-verify proof 檔案 --key 公鑰 [--json]\n\n"
               "以公鑰查驗記錄庫是否完整、未經更改，或查驗單筆紀錄的證明。\n\n"
               "  --key         公鑰檔（vault.pub），或公鑰那一行文字\n"
               "  --checkpoint  另外保存的檢查點（見證、異地複本、列印本），可重複\n"
               "  --json        以一行 JSON 輸出\n"
               "  --help        顯示本說明\n"
               "  --version     顯示版本\n\n"
               "結束代碼：0 完整；1 不符；2 無法查驗。\n",
               "usage: opsteward-verify vault DIR --key KEY [--checkpoint FILE]… [--json]\n"
               "       opsteward-verify proof FILE --key KEY [--json]\n\n"
               "Checks by the public key whether a log vault is whole and unaltered, or whether the proof of one record holds.\n\n"
               "  --key         file with the public key (vault.pub), or the line that stands in it\n"
               "  --checkpoint  a checkpoint that was kept elsewhere (witness, off-site copy, print); may be repeated\n"
               "  --json        answer with one line of JSON\n"
               "  --help        print this\n"
               "  --version     print the version\n\n"
               "exit code: 0 intact, 1 fails, 2 not checked\n");
}

CannotCheck Misused(std::string_view zh, std::string_view en, std::string_view argument) {
    const std::string name = Printable(argument);
    return CannotCheck(Say(std::string(zh) + "用法見 --help。", std::string(en) + " See --help.", {name}));
}

Request Parse(std::span<const std::string_view> arguments) {
    Request request;
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        const std::size_t equals = argument.find('=');
        const std::string_view name = argument.substr(0, equals);
        const auto value = [&] {
            if (equals != std::string_view::npos) return argument.substr(equals + 1);
            if (++i == arguments.size()) throw Misused("選項 {0} 缺少值。", "The option {0} lacks its value.", name);
            return arguments[i];
        };
        if (argument == "--json") {
            request.wants_json = true;
        } else if (argument == "--help" || argument == "-h") {
            request.wants_help = true;
        } else if (argument == "--version") {
            request.wants_version = true;
        } else if (name == "--key") {
            request.key = value();
        } else if (name == "--checkpoint") {
            request.checkpoints.push_back(value());
        } else if (argument.starts_with('-')) {
            throw Misused("沒有選項 {0}。", "There is no option {0}.", argument);
        } else {
            words.push_back(argument);
        }
    }
    if (request.wants_help || request.wants_version) return request;
    const bool is_known = !words.empty() && (words[0] == "vault" || words[0] == "proof");
    if (!is_known) throw Misused("請指定 vault 或 proof。", "Say vault or proof.", "");
    if (words.size() != 2 || words[1].empty()) throw Misused("{0} 之後須有一個路徑。", "{0} is followed by one path.", words[0]);
    if (request.key.empty()) throw Misused("缺少 --key。", "--key is missing.", "");
    if (words[0] == "proof" && !request.checkpoints.empty()) throw Misused("proof 沒有選項 {0}。", "proof has no option {0}.", "--checkpoint");
    request.command = words[0];
    request.subject = words[1];
    return request;
}

PublicKey ReadKey(std::string_view argument) {
    std::error_code problem;
    const bool is_file = std::filesystem::exists(argument, problem) || argument.find('+') == std::string_view::npos;
    try {
        return PublicKey::Parse(is_file ? ReadSmallFile(argument, kMaxKeyFile) : std::string(argument));
    } catch (const Malformed& fault) {
        throw CannotCheck(Say("公鑰無法使用：{0}", "The public key is of no use: {1}", {fault.why.zh, fault.why.en}));
    }
}

void Print(const std::string& text) {
    const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (std::fflush(stdout) != 0 || !is_written) throw CannotCheck(Say("結果無法輸出。", "The answer can't be written."));
}

ExitCode AnswerVault(const Request& request, Language language) {
    VaultQuestion question{std::filesystem::path(request.subject), ReadKey(request.key)};
    for (const std::string_view file : request.checkpoints) question.kept.push_back({Printable(file), ReadSmallFile(file, Note::kMaxBytes)});
    question.threads = std::clamp(std::thread::hardware_concurrency(), 1U, kMaxThreads);
    VaultReport report;
    {
        ProgressLine line(language);
        question.on_progress = [&line](const Progress& progress) { line.Show(progress); };
        report = CheckVault(question);
    }
    Print(request.wants_json ? ToJson(report) : ToText(report, language));
    return report.is_intact() ? kIntact : kFails;
}

ExitCode AnswerProof(const Request& request, Language language) {
    const PublicKey key = ReadKey(request.key);
    const ProofReport report = CheckProof(request.subject, ReadSmallFile(request.subject, Proof::kMaxBytes), key);
    Print(request.wants_json ? ToJson(report) : ToText(report, language));
    return report.is_ok() ? kIntact : kFails;
}

ExitCode Answer(std::span<const std::string_view> arguments, Language language) {
    const Request request = Parse(arguments);
    if (request.wants_help) {
        Print(Usage().In(language));
    } else if (request.wants_version) {
        Print("opsteward-verify " OPSTEWARD_VERIFY_VERSION "\n");
    } else {
        return request.command == "vault" ? AnswerVault(request, language) : AnswerProof(request, language);
    }
    return kIntact;
}

}  // namespace

ExitCode RunCommandLine(std::span<const std::string_view> arguments) {
    const Language language = LanguageOfEnvironment();
    Text why;
    try {
        return Answer(arguments, language);
    } catch (const CannotCheck& problem) {
        why = problem.why;
    } catch (const std::bad_alloc&) {
        why = Say("記憶體不足。", "Out of memory.");
    } catch (const std::exception& problem) {
        why = Say("無法查驗：{0}", "Not checked: {0}", {problem.what()});
    }
    const bool wants_json = std::ranges::find(arguments, "--json") != arguments.end();
    if (wants_json) {
        const std::string message = JsonObject().Raw("message", JsonText({Printable(why.zh), Printable(why.en)})).Finish();
        std::fprintf(stderr, "%s\n", JsonObject().Raw("error", message).Finish().c_str());
    } else {
        std::fprintf(stderr, "opsteward-verify: %s\n", why.In(language).c_str());
    }
    return kNotChecked;
}

}  // namespace opsteward::verifier
