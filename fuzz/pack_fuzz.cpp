// Packs from arbitrary texts: nothing crashes; what is refused is refused somewhere and in both languages; what is accepted holds
// together. Statements of checks from arbitrary text: numbering them is possible or refused, and leaves no named parameter.
//
// The input is the files of a pack one after the other, each after a line "=== path".
#include <set>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "platform/procedure/check_sql.hpp"
#include "platform/procedure/duration.hpp"
#include "platform/procedure/pack.hpp"
#include "platform/procedure/pack_diff.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::procedure;

namespace {

PackTexts FilesOf(std::string_view input) {
    constexpr std::string_view kMark = "=== ";
    PackTexts files;
    std::string* file = nullptr;
    for (const auto line : Split(input, '\n')) {
        if (line.starts_with(kMark)) {
            file = &files[std::string(line.substr(kMark.size()))];
        } else if (file != nullptr) {
            file->append(line).append("\n");
        }
    }
    return files;
}

void TryNumbering(std::string_view sql) {
    const auto numbered = NumberParameters(sql);
    if (!numbered.ok()) {
        Require(numbered.error().code == ErrorCode::kInvalidInput && !numbered.error().caller_text.zh.empty());
        return;
    }
    const std::set<std::string> different(numbered->names.begin(), numbered->names.end());
    Require(different.size() == numbered->names.size());
    // Numbers are no named parameters, and the numbered text is not taken for one that still has some.
    const auto again = NumberParameters(numbered->sql);
    Require(numbered->names.empty() ? again.ok() && again->sql == numbered->sql : !again.ok());
    const auto values = ValuesFor(*numbered, {}, Instant{});
    Require(values.ok() == (different.empty() || different == std::set<std::string>{"now"}));
}

void TryWholePack(const Pack& pack) {
    std::set<std::string> ids;
    for (const auto& clause : pack.clauses) {
        Require(ids.insert(clause.id).second && pack.FindClause(clause.id) == &clause && pack.ChapterOf(clause.id) != nullptr);
        Require(!clause.title.zh.empty() && !clause.title.en.empty() && !clause.modes.empty());
    }
    for (const auto& check : pack.checks) {
        Require(ids.contains(check.clause_id) && !check.sql.empty() && !check.population.empty());
        TryNumbering(check.sql);
    }
    for (const auto& duty : pack.duties) {
        Require(!duty.clause_ids.empty() && ParseDuration(FormatDuration(duty.lead)) == duty.lead);
        for (const auto& id : duty.clause_ids) Require(ids.contains(id));
    }
    Require(pack.effective.ok() && ComparePacks(pack, pack).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    TryNumbering(input);
    const PackTexts files = FilesOf(input);
    const PackReading reading = ReadPackTexts(files);
    Require(ReadPackTexts(files).pack.digest == reading.pack.digest);
    for (const auto& fault : reading.faults) {
        Require(files.contains(fault.place.file) || fault.place.file == "procedure.toml");
        Require(fault.place.line >= 1 && fault.place.column >= 1 && !fault.expected.zh.empty() && !fault.expected.en.empty());
    }
    if (reading.faults.empty()) TryWholePack(reading.pack);
    return 0;
}
