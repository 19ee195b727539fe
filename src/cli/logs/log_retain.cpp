#include <fmt/format.h>

#include <map>

#include "base/clock.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/logs/vault_folder.hpp"
#include "cli/public_key.hpp"
#include "vault/retention/plan.hpp"

namespace opsteward::cli {

namespace {

/// A segment that was or would be deleted.
struct Gone {
    vault::SegmentFate what;
    std::optional<std::uint64_t> event;  ///< none: it would be
};

/// Segments that stay for one reason.
struct Staying {
    std::size_t segments = 0;
    std::uint64_t records = 0;
    std::optional<Date> due;  ///< the first day on which one of them might go

    void Add(const vault::SegmentFate& fate) {
        ++segments;
        records += fate.count;
        if (fate.due) due = due ? std::min(*due, *fate.due) : fate.due;
    }
};

struct Outcome {
    bool has_rules = true;
    Date today{};
    std::vector<Gone> gone;
    std::map<std::pair<vault::Fate, std::string>, Staying> staying;  ///< by reason; of holds, by what is written there
    std::optional<Error> failure;                                    ///< that ended it after what it tells
};

std::string_view NameOf(vault::Fate fate) {
    switch (fate) {
        case vault::Fate::kDelete: break;
        case vault::Fate::kKeptByNoRule: return "no_rule";
        case vault::Fate::kYounger: return "younger";
        case vault::Fate::kHeld: return "held";
        case vault::Fate::kUnsealed: return "unsealed";
        case vault::Fate::kIsEvidence: return "evidence";
    }
    return "delete";
}

Phrase WhyOf(vault::Fate fate) {
    switch (fate) {
        case vault::Fate::kDelete: break;
        case vault::Fate::kKeptByNoRule: return {"沒有規則訂其保存期限", "no rule says how long they are kept"};
        case vault::Fate::kYounger: return {"未滿保存期限", "to be kept longer"};
        case vault::Fate::kHeld: return {"保全中", "held"};
        case vault::Fate::kUnsealed: return {"尚未簽署或見證", "not sealed or witnessed yet"};
        case vault::Fate::kIsEvidence: return {"刪除事件的紀錄", "they say what was deleted"};
    }
    return {"到期", "due"};
}

Result<std::vector<vault::SegmentFate>> Plan(const std::filesystem::path& data, const vault::RetentionRules& rules, const RetainOptions& options, Instant now) {
    OPS_TRY(const auto vault, vault::VaultReader::Open(VaultFolder(data)));
    OPS_TRY(const vault::NoteKey key, ReadPublicKey(PublicKeyFile(data), vault::SignatureType::kEd25519));
    OPS_TRY(const auto state, ReadRetentionState(vault, {VaultFolder(data)}, key));
    if (!options.clock_is_right) OPS_CHECK(CheckClock(state, now));
    return PlanRetention(vault.segments(), rules, state.sealed, now);
}

void Take(const std::vector<vault::SegmentFate>& plan, Outcome& outcome) {
    for (const vault::SegmentFate& fate : plan) {
        if (fate.fate != vault::Fate::kDelete) outcome.staying[{fate.fate, fate.hold}].Add(fate);
    }
}

/// One segment after the other: what was deleted before something failed is told.
Result<void> Delete(vault::VaultWriter& vault, const std::vector<vault::SegmentFate>& plan, const vault::RetentionRules& rules, Instant now, Outcome& outcome) {
    const Interrupt interrupt;
    for (const vault::SegmentFate& fate : plan) {
        if (fate.fate != vault::Fate::kDelete) continue;
        if (interrupt.is_asked()) return Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted.");
        OPS_TRY(const vault::GoneRange range, vault.DeleteSegment(fate.first, rules, now));
        outcome.gone.push_back({fate, range.event});
    }
    return vault.WriteSegments();
}

Result<Outcome> Retain(const std::filesystem::path& data, const RetainOptions& options) {
    const Instant now = SystemClock().Now();
    Outcome outcome;
    outcome.today = TaipeiDate(now);
    // Only what brings lines in makes a vault.
    if (!std::filesystem::exists(vault::Layout{VaultFolder(data)}.segments())) return vault::VaultReader::Open(VaultFolder(data)).error();
    if (options.is_dry_run) {
        OPS_TRY(const auto rules, vault::ReadRetentionRules(RetentionFile(data)));
        outcome.has_rules = rules.has_value();
        OPS_TRY(const auto plan, Plan(data, rules.value_or(vault::RetentionRules{}), options, now));
        for (const vault::SegmentFate& fate : plan) {
            if (fate.fate == vault::Fate::kDelete) outcome.gone.push_back({fate, std::nullopt});
        }
        Take(plan, outcome);
        return outcome;
    }
    OPS_TRY(const auto vault, OpenVaultPatiently(data));
    // Once nobody else writes: a hold that was added until now counts.
    OPS_TRY(const auto rules, vault::ReadRetentionRules(RetentionFile(data)));
    outcome.has_rules = rules.has_value();
    OPS_CHECK(vault->FinishDeletion());
    OPS_TRY(const auto plan, Plan(data, rules.value_or(vault::RetentionRules{}), options, now));
    Take(plan, outcome);
    if (auto deleted = Delete(*vault, plan, rules.value_or(vault::RetentionRules{}), now, outcome); !deleted.ok()) outcome.failure = deleted.error();
    return outcome;
}

std::string Days(Date from, Date to, Language language) {
    return from == to ? FormatDateShort(from, language) : FormatDateShort(from, language) + " – " + FormatDateShort(to, language);
}

std::string Streams(const std::vector<vault::SourceAndKind>& streams) {
    constexpr std::size_t kShown = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(kShown, streams.size()); ++i) {
        text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", OnOneLine(streams[i].source), OnOneLine(streams[i].kind));
    }
    return streams.size() > kShown ? fmt::format("{} +{}", text, streams.size() - kShown) : text;
}

std::string Counted(const Phrase& phrase, Language language, std::uint64_t count) {
    return CountText(phrase.In(language), static_cast<std::int64_t>(count));
}

constexpr Phrase kRecords{"{} 筆", "{} [record|records]"};

std::string ToText(const Outcome& outcome, bool is_dry_run, Language language) {
    std::string text;
    if (!outcome.has_rules) text += Phrase{"沒有 retention.toml，不刪除任何紀錄。\n", "There is no retention.toml; nothing is deleted.\n"}.In(language);
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    for (const Gone& gone : outcome.gone) {
        const Phrase event{"，見第 {} 筆", "; record {} says so"};
        text += fmt::format("{} {} {} {} {}{}\n", Phrase{is_dry_run ? "將刪除" : "已刪除", is_dry_run ? "would delete" : "deleted"}.In(language),
                            Days(gone.what.from, gone.what.to, language), Streams(gone.what.streams), Counted(kRecords, language, gone.what.count),
                            FormatBytes(gone.what.stored_bytes), gone.event ? fmt::format(fmt::runtime(event.In(language)), *gone.event) : "");
        records += gone.what.count;
        bytes += gone.what.stored_bytes;
    }
    for (const auto& [reason, staying] : outcome.staying) {
        const Phrase due{"，最早 {} 到期", ", the first until {}"};
        text += fmt::format("{} {}: {}{}{}\n", Phrase{"保留", "kept"}.In(language), Counted(kRecords, language, staying.records), WhyOf(reason.first).In(language),
                            reason.second.empty() ? "" : fmt::format(" ({})", OnOneLine(reason.second)),
                            staying.due && reason.first == vault::Fate::kYounger
                                ? fmt::format(fmt::runtime(due.In(language)), FormatDateShort(*staying.due, language))
                                : "");
    }
    const Phrase sum{"{}：{}{}（{}）\n", "{}: {} {} ({})\n"};
    return text + fmt::format(fmt::runtime(sum.In(language)), FormatDate(outcome.today, language),
                              Phrase{is_dry_run ? "將刪除 " : "已刪除 ", is_dry_run ? "would delete" : "deleted"}.In(language), Counted(kRecords, language, records),
                              FormatBytes(bytes));
}

json::object ToJson(const Outcome& outcome, bool is_dry_run) {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    json::array deleted;
    for (const Gone& gone : outcome.gone) {
        json::array streams;
        for (const vault::SourceAndKind& stream : gone.what.streams) {
            streams.push_back({{"source", ReplaceInvalidUtf8(stream.source)}, {"kind", ReplaceInvalidUtf8(stream.kind)}});
        }
        json::object one{{"first", gone.what.first},
                         {"records", gone.what.count},
                         {"from", FormatIsoDate(gone.what.from)},
                         {"to", FormatIsoDate(gone.what.to)},
                         {"streams", std::move(streams)},
                         {"raw_bytes", gone.what.message_bytes},
                         {"stored_bytes", gone.what.stored_bytes}};
        if (gone.event) one["event"] = *gone.event;
        deleted.emplace_back(std::move(one));
        records += gone.what.count;
        bytes += gone.what.stored_bytes;
    }
    json::array kept;
    for (const auto& [reason, staying] : outcome.staying) {
        json::object one{{"why", NameOf(reason.first)}, {"segments", staying.segments}, {"records", staying.records}};
        if (reason.first == vault::Fate::kHeld) one["reason"] = reason.second;
        if (staying.due) one["due"] = FormatIsoDate(*staying.due);
        kept.emplace_back(std::move(one));
    }
    return {{"today", FormatIsoDate(outcome.today)},
            {"dry_run", is_dry_run},
            {"has_rules", outcome.has_rules},
            {"records", records},
            {"stored_bytes", bytes},
            {"deleted", std::move(deleted)},
            {"kept", std::move(kept)}};
}

}  // namespace

ExitCode RetainLogs(const std::filesystem::path& data, const RetainOptions& options, const Report& report) {
    const auto outcome = Retain(data, options);
    if (!outcome.ok()) return report.Fail(outcome.error());
    report.Say(ToText(*outcome, options.is_dry_run, report.language), ToJson(*outcome, options.is_dry_run));
    return outcome->failure ? report.Fail(*outcome->failure) : kExitOk;
}

}  // namespace opsteward::cli
