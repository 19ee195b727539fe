#include "cli/vulnerabilities/vans_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/choice.hpp"
#include "cli/files.hpp"
#include "cli/logs/each_line.hpp"
#include "cli/logs/log_input.hpp"
#include "cli/vulnerabilities/title_namer.hpp"
#include "features/vulnerabilities/vans/collector.hpp"
#include "features/vulnerabilities/vans/payload.hpp"
#include "features/vulnerabilities/vans/table.hpp"
#include "vault/store/replaced_file.hpp"

namespace opsteward::cli {

namespace {

enum class Format : std::uint8_t { kSecond, kFirst, kCsv, kOds };

struct ExportOptions {
    std::string confirmations;
    std::filesystem::path inventory;
    Format format = Format::kSecond;
    std::filesystem::path out;
    std::filesystem::path api_key_file;
    std::string columns;
    vans::Defaults defaults;
};

bool IsPayload(Format format) { return format == Format::kFirst || format == Format::kSecond; }

/// Empty where no file was named. The key is shown nowhere.
Result<std::string> ReadApiKey(const ExportOptions& options) {
    if (options.api_key_file.empty()) return std::string();
    if (!IsPayload(options.format)) {
        return Error::Of(ErrorCode::kInvalidInput, "csv 與 ods 不含 API 金鑰；請拿掉 --api-key-file。",
                         "csv and ods hold no API key; leave out --api-key-file.");
    }
    constexpr std::size_t kMaxBytes = 4096;
    OPS_TRY(const std::string bytes, ReadWholeFile(options.api_key_file, kMaxBytes));
    const std::string_view key = Trim(bytes);
    OPS_CHECK(vans::CheckApiKey(key, options.format == Format::kFirst ? vans::Generation::kFirst : vans::Generation::kSecond));
    return std::string(key);
}

Result<void> TooLongLine(std::uint64_t line) {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("清冊第 {} 行超過 {}。", line, FormatBytes(vans::kMaxLineBytes)),
                     fmt::format("Line {} of the inventory is longer than {}.", line, FormatBytes(vans::kMaxLineBytes)));
}

Result<void> ReadInventory(const std::filesystem::path& path, vans::Collector& collector) {
    OPS_TRY(LogInput input, LogInput::Open(path));
    return ForEachLine([&input] { return input.Read(); }, vans::kMaxLineBytes, [&collector](std::string_view line, std::uint64_t number) {
        return line.size() > vans::kMaxLineBytes ? TooLongLine(number) : collector.Add(line);
    });
}

/// All that is wrong with the inventory, a line each.
ExitCode FailWith(const vans::FaultList& faults, const ExportOptions& options, const Report& report) {
    const auto count = static_cast<std::int64_t>(faults.count());
    const std::string zh = fmt::format("{} 有 {} 處錯誤，未寫出任何檔案。", options.inventory.string(), count);
    const std::string en = options.inventory.string() + CountText(" has {} [fault|faults]; nothing was written.", count);
    if (report.as_json) {
        json::array list;
        for (const vans::Fault& fault : faults.kept()) {
            list.push_back({{"line", fault.line}, {"host", fault.host}, {"where", fault.where}, {"message", {{"zh", fault.what.zh}, {"en", fault.what.en}}}});
        }
        const json::value document = {{"error",
                                       {{"code", ErrorCodeName(ErrorCode::kInvalidInput)},
                                        {"message", {{"zh", zh}, {"en", en}}},
                                        {"detail", en},
                                        {"fault_count", count},
                                        {"faults", std::move(list)}}}};
        fmt::print(stderr, "{}\n", json::serialize(document));
        return kExitBadInput;
    }
    const bool is_english = report.language == Language::kEnglish;
    fmt::print(stderr, "opsteward: {}\n", is_english ? en : zh);
    for (const vans::Fault& fault : faults.kept()) {
        const std::string place = (fault.host.empty() ? "" : " (" + fault.host + ")") + (fault.where.empty() ? "" : " " + fault.where);
        fmt::print(stderr, fmt::runtime(is_english ? "  line {}{}: {}\n" : "  第 {} 行{}：{}\n"), fault.line, place, fault.what.In(report.language));
    }
    const std::size_t more = faults.count() - faults.kept().size();
    if (more != 0) fmt::print(stderr, fmt::runtime(is_english ? "  and {} more\n" : "  另有 {} 處\n"), more);
    return kExitBadInput;
}

Result<std::size_t> WriteFormat(const vans::Inventory& inventory, const ExportOptions& options, std::string_view api_key,
                                const std::vector<vans::Column>& columns, const vans::Sink& sink) {
    switch (options.format) {
        case Format::kFirst: return vans::WriteFirstGeneration(inventory, api_key, sink);
        case Format::kSecond: return vans::WriteSecondGeneration(inventory, api_key, sink);
        case Format::kCsv: return vans::WriteCsv(inventory, columns, sink);
        case Format::kOds: return vans::WriteOds(inventory, columns, sink);
    }
    return Error::Hidden(ErrorCode::kInternal, "no such format");
}

std::size_t CountWithoutCpe(const vans::Inventory& inventory) {
    return static_cast<std::size_t>(std::ranges::count_if(inventory.products, [](const vans::Product& product) { return !product.has_cpe(); }));
}

void Tell(const vans::Inventory& inventory, std::size_t items, const ExportOptions& options, bool has_key, const Report& report) {
    const std::size_t without_cpe = CountWithoutCpe(inventory);
    const bool is_english = report.language == Language::kEnglish;
    const Phrase pattern{"{}：{} 項，機器 {} 台，產品 {} 種（無 CPE {} 種），略過重複 {} 項\n",
                         "{}: items {}, machines {}, products {} ({} without CPE), duplicates left out {}\n"};
    std::string text = fmt::format(fmt::runtime(pattern.In(report.language)), options.out.string(), items, inventory.machines.size(), inventory.products.size(),
                                   without_cpe, inventory.duplicates);
    if (IsPayload(options.format) && !has_key) {
        text += is_english ? "It holds no API key: put it into \"api_key\" before the upload, or give --api-key-file.\n"
                           : "檔中沒有 API 金鑰：上傳前請填入 \"api_key\"，或以 --api-key-file 指定。\n";
    }
    report.Say(text, {{"file", options.out.string()},
                      {"items", items},
                      {"machines", inventory.machines.size()},
                      {"products", inventory.products.size()},
                      {"products_without_cpe", without_cpe},
                      {"duplicates", inventory.duplicates},
                      {"has_api_key", has_key}});
}

Result<std::size_t> WriteFile(const vans::Inventory& inventory, const ExportOptions& options, std::string_view api_key,
                              const std::vector<vans::Column>& columns) {
    OPS_TRY(vault::ReplacedFile file, vault::ReplacedFile::Begin(options.out));
    OPS_TRY(const std::size_t items, WriteFormat(inventory, options, api_key, columns, [&file](std::string_view bytes) { return file.Write(bytes); }));
    OPS_CHECK(file.Finish());
    return items;
}

ExitCode ExportVans(const ExportOptions& options, const Report& report) {
    const auto key = ReadApiKey(options);
    if (!key.ok()) return report.Fail(key.error());
    const auto columns = options.columns.empty() ? Result(vans::DefaultColumns()) : vans::ParseColumns(options.columns);
    if (!columns.ok()) return report.Fail(columns.error());
    const auto checked = vans::Check(options.defaults);
    if (!checked.ok()) return report.Fail(checked.error());
    auto namer = TitleNamer::Make(options.confirmations);
    if (!namer.ok()) return report.Fail(namer.error());
    vans::Collector collector(options.defaults, [&namer](std::string_view name, std::string_view publisher, std::string_view version) -> std::optional<cpe::Name> {
        const vuln::TitleNames found = namer->NamesOf({.name = name, .version = version, .publisher = publisher});
        if (found.names.empty()) return std::nullopt;
        return found.names.front();
    });
    const auto read = ReadInventory(options.inventory, collector);
    if (!collector.faults().empty()) return FailWith(collector.faults(), options, report);
    if (!read.ok()) return report.Fail(read.error());
    const vans::Inventory inventory = collector.Take();
    const auto items = WriteFile(inventory, options, *key, *columns);
    if (!items.ok()) return report.Fail(items.error());
    Tell(inventory, *items, options, !key->empty(), report);
    return kExitOk;
}

void AddExportOptions(CLI::App* command, ExportOptions& options) {
    static const std::map<std::string, Format> kFormats{{"v2", Format::kSecond}, {"v1", Format::kFirst}, {"csv", Format::kCsv}, {"ods", Format::kOds}};
    static const std::map<std::string, vans::IdentifierKind> kIdentifiers{{"sha256", vans::IdentifierKind::kSha256}, {"md5", vans::IdentifierKind::kMd5}};
    command->add_option("--inventory", options.inventory, "a JSON object a line for each machine (docs/formats/vans.md), plain or packed; - is standard input")
        ->required()
        ->type_name("FILE");
    command->add_option("--format", options.format, "v2 or v1 of the upload, or a table: csv, ods")
        ->required()
        ->transform(ChoiceOf(kFormats))
        ->type_name("FORMAT");
    command->add_option("--out", options.out, "file to write; one that is there is replaced")->required()->type_name("FILE");
    command->add_option("--oid", options.defaults.oid, "of the agency, where a machine has none")->type_name("OID");
    command->add_option("--org", options.defaults.org_name, "name of the agency, where a machine has none")->type_name("NAME");
    command->add_option("--group", options.defaults.group, "code of the asset group, where a machine has none; it must exist in VANS")
        ->capture_default_str()
        ->type_name("CODE");
    command->add_option("--api-key-file", options.api_key_file, "file that holds the agency's API key")->type_name("FILE");
    command->add_option("--identifier", options.defaults.identifier, "digest of a machine's id that names it: sha256, md5; else sha256")
        ->transform(ChoiceOf(kIdentifiers))
        ->type_name("KIND");
    command->add_option("--confirmations", options.confirmations, "what people decided of names of products (docs/formats/name-confirmations.md)")->type_name("FILE");
    command->add_option("--columns", options.columns, "of csv and ods: FIELD or FIELD=TITLE, with commas between")->type_name("LIST");
}

}  // namespace

void AddVansCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* group = app.add_subcommand("vans", "what is uploaded to VANS")->require_subcommand(1);
    const auto options = std::make_shared<ExportOptions>();
    CLI::App* command = group->add_subcommand("export", "write what an inventory says in a format that VANS takes");
    AddExportOptions(command, *options);
    command->callback([options, &report, &run] { run = [options, &report] { return ExportVans(*options, report); }; });
}

}  // namespace opsteward::cli
