#include "platform/procedure/pack_diff.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "platform/procedure/duration.hpp"

namespace opsteward::procedure {

namespace {

/// A part of a pack with its keys and what they hold, as the files name them.
struct Described {
    std::string id;
    Text title;
    std::vector<std::pair<std::string, Text>> fields;
};

Text Same(std::string text) { return {text, text}; }

Text Listed(const std::vector<std::string>& words) { return Same(fmt::format("{}", fmt::join(words, ", "))); }

Text Modes(const std::vector<Mode>& modes) {
    std::vector<std::string> keys;
    for (const Mode mode : modes) keys.emplace_back(ModeKey(mode));
    return Listed(keys);
}

Text Parameters(const std::map<std::string, Parameter>& parameters) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : parameters) {
        lines.push_back(std::visit([&](const auto& v) { return fmt::format("{} = {}", name, v); }, value));
    }
    return Listed(lines);
}

Described Describe(const Chapter& chapter) { return {chapter.id, chapter.title, {{"title", chapter.title}}}; }

Described Describe(const std::pair<const identity::Role, Text>& role) {
    return {std::string(identity::RoleKey(role.first)), role.second, {{"title", role.second}}};
}

Described Describe(const Clause& clause) {
    const Action action = clause.action.value_or(Action{});
    return {clause.id,
            clause.title,
            {{"title", clause.title},
             {"text", clause.text},
             {"mode", Modes(clause.modes)},
             {"owner", Same(std::string(identity::RoleKey(clause.owner)))},
             {"missing", clause.missing},
             {"action", action.label},
             {"action.href", Same(action.href)}}};
}

Described Describe(const Check& check) {
    return {check.id,
            check.title,
            {{"title", check.title},
             {"clause", Same(check.clause_id)},
             {"topics", Listed(check.topics)},
             {"population", Same(check.population)},
             {"parameters", Parameters(check.parameters)},
             {"sql", Same(check.sql)}}};
}

Described Describe(const Duty& duty) {
    return {duty.id,
            duty.title,
            {{"title", duty.title},
             {"clauses", Listed(duty.clause_ids)},
             {"instructions", duty.instructions},
             {"cycle", Same(std::string(CycleKey(duty.cycle)))},
             {"owner", Same(std::string(identity::RoleKey(duty.owner)))},
             {"lead", Same(FormatDuration(duty.lead))},
             {"scope", Same(duty.is_per_unit ? "unit" : "bureau")}}};
}

Described Describe(const Pack& pack) {
    return {pack.id,
            pack.title,
            {{"id", Same(pack.id)},
             {"version", Same(pack.version)},
             {"effective", {FormatDate(pack.effective, Language::kZhHant), FormatDate(pack.effective, Language::kEnglish)}},
             {"title", pack.title}}};
}

template <typename Parts>
std::vector<Described> DescribeAll(const Parts& parts) {
    std::vector<Described> described;
    for (const auto& part : parts) described.push_back(Describe(part));
    return described;
}

const Described* Find(const std::vector<Described>& parts, std::string_view id) {
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const Described& part) { return part.id == id; });
    return found == parts.end() ? nullptr : &*found;
}

/// Both describe the same kind of part, so that their keys stand in the same order.
std::vector<FieldChange> CompareFields(const Described& before, const Described& after) {
    std::vector<FieldChange> changes;
    for (std::size_t i = 0; i < after.fields.size(); ++i) {
        const auto& [field, value] = after.fields[i];
        if (before.fields[i].second != value) changes.push_back({field, before.fields[i].second, value});
    }
    return changes;
}

void CompareParts(PackPart part, const std::vector<Described>& before, const std::vector<Described>& after,
                  std::vector<PartChange>& changes) {
    for (const auto& one : after) {
        const Described* known = Find(before, one.id);
        if (known == nullptr) {
            changes.push_back({part, ChangeKind::kAdded, one.id, one.title, {}});
        } else if (auto fields = CompareFields(*known, one); !fields.empty()) {
            changes.push_back({part, ChangeKind::kChanged, one.id, one.title, std::move(fields)});
        }
    }
    for (const auto& one : before) {
        if (Find(after, one.id) == nullptr) changes.push_back({part, ChangeKind::kRemoved, one.id, one.title, {}});
    }
}

/// A value as one or more lines below its key.
std::string Indented(std::string_view mark, std::string_view text) {
    std::string lines = fmt::format("    {} ", mark);
    for (const char c : text) {
        lines += c;
        if (c == '\n') lines += "      ";
    }
    return lines + "\n";
}

std::string DescribeChange(const PartChange& change, Language language) {
    std::string text = fmt::format("{} {} {} {}\n", ChangeKindTitle(change.kind).In(language),
                                   PackPartTitle(change.part).In(language), change.id, change.title.In(language));
    for (const auto& field : change.fields) {
        text += fmt::format("  {}\n", field.field);
        // What changed in the other language only is shown in that one.
        const bool differs_here = field.before.In(language) != field.after.In(language);
        const Language shown =
            differs_here ? language : (language == Language::kEnglish ? Language::kZhHant : Language::kEnglish);
        if (!field.before.empty()) text += Indented("-", field.before.In(shown));
        if (!field.after.empty()) text += Indented("+", field.after.In(shown));
    }
    return text;
}

json::object ToJson(const Text& text) { return {{"zh", text.zh}, {"en", text.en}}; }

}  // namespace

std::string_view PackPartKey(PackPart part) {
    switch (part) {
        case PackPart::kProcedure: return "procedure";
        case PackPart::kChapter: return "chapter";
        case PackPart::kRole: return "role";
        case PackPart::kClause: return "clause";
        case PackPart::kCheck: return "check";
        case PackPart::kDuty: return "duty";
    }
    return "";
}

Phrase PackPartTitle(PackPart part) {
    switch (part) {
        case PackPart::kProcedure: return {"程序書", "procedure"};
        case PackPart::kChapter: return {"章節", "chapter"};
        case PackPart::kRole: return {"角色", "role"};
        case PackPart::kClause: return {"條文", "clause"};
        case PackPart::kCheck: return {"查核", "check"};
        case PackPart::kDuty: return {"例行工作", "duty"};
    }
    return {};
}

std::string_view ChangeKindKey(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::kAdded: return "added";
        case ChangeKind::kRemoved: return "removed";
        case ChangeKind::kChanged: return "changed";
    }
    return "";
}

Phrase ChangeKindTitle(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::kAdded: return {"新增", "Added"};
        case ChangeKind::kRemoved: return {"刪除", "Removed"};
        case ChangeKind::kChanged: return {"修改", "Changed"};
    }
    return {};
}

PackDifference ComparePacks(const Pack& before, const Pack& after) {
    PackDifference difference{before.version, after.version, before.effective, after.effective, {}};
    auto& changes = difference.changes;
    if (auto fields = CompareFields(Describe(before), Describe(after)); !fields.empty()) {
        changes.push_back({PackPart::kProcedure, ChangeKind::kChanged, after.id, after.title, std::move(fields)});
    }
    CompareParts(PackPart::kChapter, DescribeAll(before.chapters), DescribeAll(after.chapters), changes);
    CompareParts(PackPart::kRole, DescribeAll(before.role_titles), DescribeAll(after.role_titles), changes);
    CompareParts(PackPart::kClause, DescribeAll(before.clauses), DescribeAll(after.clauses), changes);
    CompareParts(PackPart::kCheck, DescribeAll(before.checks), DescribeAll(after.checks), changes);
    CompareParts(PackPart::kDuty, DescribeAll(before.duties), DescribeAll(after.duties), changes);
    return difference;
}

std::string DescribeDifference(const PackDifference& difference, Language language) {
    const bool is_zh = language == Language::kZhHant;
    std::string text = fmt::format(fmt::runtime(is_zh ? "版本 {}（{}）→ {}（{}）\n" : "Version {} ({}) → {} ({})\n"),
                                   difference.version_before, FormatDate(difference.effective_before, language),
                                   difference.version_after, FormatDate(difference.effective_after, language));
    if (difference.empty()) return text + (is_zh ? "內容相同。\n" : "Nothing differs.\n");
    for (const auto& change : difference.changes) text += DescribeChange(change, language);
    return text;
}

json::object DifferenceToJson(const PackDifference& difference) {
    json::array changes;
    for (const auto& change : difference.changes) {
        json::array fields;
        for (const auto& field : change.fields) {
            fields.push_back(
                json::object{{"field", field.field}, {"before", ToJson(field.before)}, {"after", ToJson(field.after)}});
        }
        changes.push_back(json::object{{"part", PackPartKey(change.part)},
                                       {"change", ChangeKindKey(change.kind)},
                                       {"id", change.id},
                                       {"title", ToJson(change.title)},
                                       {"fields", std::move(fields)}});
    }
    return {{"before", {{"version", difference.version_before}, {"effective", FormatIsoDate(difference.effective_before)}}},
            {"after", {{"version", difference.version_after}, {"effective", FormatIsoDate(difference.effective_after)}}},
            {"changes", std::move(changes)}};
}

}  // namespace opsteward::procedure
