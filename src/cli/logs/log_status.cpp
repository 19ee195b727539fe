#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/space_line.hpp"
#include "cli/logs/vault_folder.hpp"
#include "crypto/base64.hpp"

namespace opsteward::cli {

namespace {

struct Status {
    std::uint64_t tree_size = 0;
    std::string root;
    std::uint64_t sealed_size = 0;
    std::string origin;  ///< empty when nothing is sealed
    std::size_t segments = 0;
    std::uint64_t raw_bytes = 0;
    std::uint64_t stored_bytes = 0;
    std::uint64_t deleted = 0;
    vault::Space space = {};
};

Result<Status> ReadStatus(const std::filesystem::path& data) {
    OPS_TRY(const auto vault, vault::VaultReader::Open(VaultFolder(data)));
    OPS_TRY(const vault::Hash root, vault.Root());
    Status status{vault.size(), crypto::Base64Encode(root), 0, "", vault.segment_count(), vault.message_bytes(), vault.stored_bytes(),
                  vault.segments().gone().records()};
    OPS_TRY(status.space, vault::MeasureSpace({VaultFolder(data)}, vault.segments(), SystemClock().Now()));
    if (vault.sealed()) {
        OPS_TRY(const vault::Note note, vault::Note::Parse(*vault.sealed()));
        OPS_TRY(const vault::Checkpoint sealed, vault::Checkpoint::Parse(note.text));
        status.sealed_size = sealed.size;
        status.origin = sealed.origin;
    }
    return status;
}

std::string ToText(const Status& status, Language language) {
    const Phrase records{"紀錄 {} 筆，已簽署 {} 筆（{}）\n樹根 {}\n", "{} [record|records], {} of them sealed ({})\nroot {}\n"};
    const Phrase sizes{"區段 {} 個；原始 {}，儲存 {}\n", "{} [segment|segments]; {} as they came, {} stored\n"};
    const auto choose = [&](const Phrase& phrase, std::uint64_t count) { return ChooseByCount(phrase.In(language), static_cast<std::int64_t>(count)); };
    const Phrase deleted{"其中 {} 筆已依保存規定刪除\n", "{} of them deleted under retention\n"};
    return fmt::format(fmt::runtime(choose(records, status.tree_size)), status.tree_size, status.sealed_size,
                       status.origin.empty() ? "—" : status.origin, status.root) +
           (status.deleted == 0 ? "" : fmt::format(fmt::runtime(deleted.In(language)), status.deleted)) +
           fmt::format(fmt::runtime(choose(sizes, status.segments)), status.segments, FormatBytes(status.raw_bytes), FormatBytes(status.stored_bytes)) +
           SpaceLine(status.space, language);
}

}  // namespace

ExitCode ShowLogStatus(const std::filesystem::path& data, const Report& report) {
    const auto status = ReadStatus(data);
    if (!status.ok()) return report.Fail(status.error());
    report.Say(ToText(*status, report.language), {{"tree_size", status->tree_size},
                                                  {"root", status->root},
                                                  {"sealed_size", status->sealed_size},
                                                  {"origin", status->origin},
                                                  {"segments", status->segments},
                                                  {"raw_bytes", status->raw_bytes},
                                                  {"stored_bytes", status->stored_bytes},
                                                  {"deleted", status->deleted},
                                                  {"free_bytes", status->space.free},
                                                  {"reserve_bytes", status->space.reserved},
                                                  {"space", vault::NameOf(vault::Judge(status->space))}});
    return kExitOk;
}

ExitCode ProveLogRecord(const std::filesystem::path& data, std::uint64_t sequence, const Report& report) {
    const auto vault = vault::VaultReader::Open(VaultFolder(data));
    if (!vault.ok()) return report.Fail(vault.error());
    const auto proof = vault->Prove(sequence);
    if (!proof.ok()) return report.Fail(proof.error());
    const std::string text = proof->ToText();
    report.Say(text, {{"sequence", sequence}, {"proof", text}});
    return kExitOk;
}

}  // namespace opsteward::cli
